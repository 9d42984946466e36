"""Newton's method for fields that are in balance, led from a rough start by steps in time."""

import dataclasses

import numpy as np
from scipy.sparse import linalg

# Of the first step in time: where steps as short as that are too long, no other will do.
_SHORTEST = 1e-12
_SINGLE = 1e-10  # between the precisions of float64 and float32


class NotConvergedError(RuntimeError):
    """No flow was found: `residual` and `num_steps` say how far the solver got."""

    def __init__(self, residual, num_steps, precision=2.2e-16):
        super().__init__(residual, num_steps, precision)
        self.residual, self.num_steps, self.precision = residual, num_steps, precision

    def __str__(self):
        advice = (
            "Start from the flow of an easier case (`start=`) or allow more steps "
            "(`solver=Newton(num_steps=...)`)."
        )
        if self.precision > _SINGLE:
            advice = (
                f"The closure computes to {self.precision:.0e}, which limits the residual: build "
                'it with `dtype="float64"`, or ask for less (`solver=Newton(tolerance=1e-4)`). '
                + advice
            )
        return (
            f"The flow is not in balance after {self.num_steps} steps, the residual is "
            f"{self.residual:.1e}. {advice}"
        )


@dataclasses.dataclass(frozen=True)
class Newton:
    """Linear-implicit steps in time that grow until they are steps of Newton's method.

    A step is taken if no field changes by more than a share of its size there and the residual does
    not double; if not, one of a quarter of the time is tried. That leads through the growth of
    turbulence from a rough start.

    Args:
        tolerance: Residual at which to stop.
        num_steps: Largest number of steps, those that were too long included.
        first: Length of the first step in time.
        change: Largest change of a field in a step, relative to its size.

    Raises:
        NotConvergedError: If the residual is above the tolerance in the end.
        ValueError: If it is not finite at the start.

    Reference: Kelley and Keyes, Convergence analysis of pseudo-transient continuation, 1998, SIAM
    Journal on Numerical Analysis 35.
    """

    tolerance: float = 1e-9
    num_steps: int = 300
    first: float = 1e-2
    change: float = 0.5

    def __post_init__(self):
        if not (self.tolerance > 0.0 and self.first > 0.0 and self.change > 0.0):
            raise ValueError(
                "`tolerance`, `first` and `change` must be positive. "
                f"Received: tolerance={self.tolerance}, first={self.first}, change={self.change}"
            )

    def __call__(self, balance, u, precision=2.2e-16):
        """The root next to `u`.

        Args:
            balance: `Balance`.
            u: Start, the free values.
            precision: Relative precision of the `local` function of the balance.

        Returns:
            `(u, residuals)`, those at the start and after each step that was taken.
        """
        time, right = self.first, balance.residual(u)
        residuals, jacobian = [balance.imbalance(right)], None
        if not np.isfinite(residuals[0]):
            raise ValueError("The start, or what the closure answers there, is not finite.")
        for _ in range(self.num_steps):
            if residuals[-1] <= self.tolerance or time < _SHORTEST * self.first:
                break
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
        if residuals[-1] > self.tolerance:
            raise NotConvergedError(residuals[-1], self.num_steps, precision)
        return u, residuals


def _solved(matrix, right):
    """NaN everywhere for a singular matrix: such a step is too long."""
    try:
        return linalg.splu(matrix.tocsc()).solve(right)
    except RuntimeError:
        return np.full_like(right, np.nan)
