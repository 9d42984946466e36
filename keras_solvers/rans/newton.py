"""Newton's method for fields that are in balance, led from a rough start by steps in time."""

import dataclasses

import numpy as np
from scipy.sparse import linalg


class NotConvergedError(RuntimeError):
    """No flow was found: `residual` and `num_steps` say how far the solver got."""

    def __init__(self, residual, num_steps):
        super().__init__(
            f"The flow is not in balance after {num_steps} steps, the residual is {residual:.1e}. "
            "Start from the flow of an easier case (`start=`), allow more steps "
            "(`solver=Newton(num_steps=...)`) or, for a closure that computes in float32, "
            "`solver=Newton(tolerance=1e-4)`."
        )
        self.residual, self.num_steps = residual, num_steps


@dataclasses.dataclass(frozen=True)
class Newton:
    """Linear-implicit steps in time that grow until they are steps of Newton's method.

    A step is taken if no field changes by more than a share of its size there, and shortened
    otherwise; that leads through the growth of turbulence from a rough start.

    Args:
        tolerance: Residual at which to stop.
        num_steps: Largest number of steps, those that were too long included.
        first: Length of the first step in time.
        change: Largest change of a field in a step, relative to its size.

    Raises:
        NotConvergedError: If the residual is above the tolerance in the end.

    Reference: Kelley and Keyes, Convergence analysis of pseudo-transient continuation, 1998, SIAM
    Journal on Numerical Analysis 35.
    """

    tolerance: float = 1e-9
    num_steps: int = 300
    first: float = 1e-2
    change: float = 0.5

    def __call__(self, balance, u, precision=2.2e-16):
        """The root next to `u`.

        Args:
            balance: `Balance`.
            u: Start, the free values.
            precision: Relative precision of the `local` function of the balance.

        Returns:
            `(u, residuals)`, those at the start and after each step.
        """
        time, right = self.first, balance.residual(u)
        residuals, jacobian = [balance.imbalance(right)], None
        for _ in range(self.num_steps):
            if residuals[-1] <= self.tolerance:
                return u, residuals
            if jacobian is None:
                jacobian = balance.jacobian(u, precision)
            step = _solved(balance.inertia(u) / time - jacobian, right)
            share = balance.change(u, step) / self.change
            trial = balance.residual(u + step) if share <= 1.0 else np.full_like(u, np.inf)
            reached = balance.imbalance(trial)
            if reached < 2.0 * residuals[-1]:  # false for NaN too
                u, right, jacobian = u + step, trial, None
                residuals.append(reached)
                time *= 10.0 if share < 0.1 else 2.0
            else:
                time *= 0.25
        raise NotConvergedError(residuals[-1], self.num_steps)


def _solved(matrix, right):
    """NaN everywhere for a singular matrix: such a step is too long."""
    try:
        return linalg.splu(matrix.tocsc()).solve(right)
    except RuntimeError:
        return np.full_like(right, np.nan)
