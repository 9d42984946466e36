"""Conjugate gradients for the pressure equation, with any solver as preconditioner."""

import dataclasses
from collections.abc import Callable

from keras import ops

from keras_solvers.applications.incompressible_flow.classic.pressure_solver import (
    PressureSolver,
    dot,
    norm,
    prepared,
    ratio,
    scaled,
    where,
)

_ENOUGH = 0.5  # reduction of the residual by a step after which the preconditioner is trusted again


@dataclasses.dataclass(frozen=True)
class ConjugateGradient(PressureSolver):
    """Flexible conjugate gradients: the preconditioner may be any solver, linear or not.

    A direction is the preconditioner's answer for the residual, made `A`-orthogonal to the last
    `num_previous` directions, and followed to its minimum. So the error in the energy norm never
    grows, whatever the preconditioner says; with a symmetric one and one previous direction this
    is the preconditioned method of Hestenes and Stiefel. The residual is computed from the pressure
    in every step, not updated: the tolerance is met by the answer itself.

    A preconditioner that is no inverse at all, such as a network led astray, may find no direction
    that helps. With a `fallback` that costs time and nothing else: the step after one that helped
    too little is the fallback's, so each two steps are at least one of steepest descent
    preconditioned by it. Directions that are not finite are left out.

    Args:
        preconditioner: A solver of the same problem, for example `Multigrid(problem, 1)`,
            `DampedJacobi(problem, 1, damping=1.0)` (diagonal preconditioning) or a network; `None`
            for the residual itself.
        num_previous: Number of directions kept, at least 1; deep conjugate directions keep 2.
        fallback: A solver that is known to converge, for a preconditioner that is not.

    Reference: Notay, Flexible conjugate gradients, 2000, algorithm 2.1; Kaneda et al., A deep
    conjugate direction method for iteratively solving linear systems, 2023, section 4.
    """

    preconditioner: Callable | None = None
    num_previous: int = 1
    fallback: Callable | None = None

    def prepared(self, fluid):
        operator = self.problem.operator(fluid)
        improve = self._chosen(fluid)

        def step(b, p, residual, trusted, *previous):
            z = improve(residual, trusted)
            direction, image = z, operator(z)
            for d, a, energy in zip(previous[::3], previous[1::3], previous[2::3], strict=True):
                share = ratio(dot(z, a), energy)
                direction = direction - scaled(share, d)
                image = image - scaled(share, a)
            energy = dot(direction, image)
            finite = ops.isfinite(energy)
            direction, image = (where(finite, v, ops.zeros_like(v)) for v in (direction, image))
            energy = ops.where(finite, energy, ops.zeros_like(energy))
            p = p + scaled(ratio(dot(direction, residual), energy), direction)
            left = b - operator(p)
            helped = ops.all(norm(left) <= _ENOUGH * norm(residual))
            trusted = ops.logical_or(helped, ops.logical_not(trusted))
            kept = previous[: 3 * (self.num_previous - 1)]
            return p, left, trusted, direction, image, energy, *kept

        def solve(b, p):
            zero, residual = ops.zeros_like(b), b - operator(p)
            trusted = ops.convert_to_tensor(True)
            state = (p, residual, trusted, *((zero, zero, dot(zero, zero)) * self.num_previous))

            def advance(*state):
                state = step(b, *state)
                return *state, norm(state[1])

            if self.tolerance:
                return self._until_small(advance, state, b, p, norm(residual))
            return ops.fori_loop(0, self.num_iterations, lambda _, s: step(b, *s), state)[0]

        return solve

    def _chosen(self, fluid):
        """Callable from `(residual, trusted)` to a direction."""
        solvers = (self.preconditioner, self.fallback)
        improve, repair = (s and prepared(s, self.problem, fluid) for s in solvers)

        def direction(residual, trusted):
            nothing = ops.zeros_like(residual)
            if improve is None:
                return residual
            if repair is None:
                return improve(residual, nothing)
            return ops.cond(
                trusted, lambda: improve(residual, nothing), lambda: repair(residual, nothing)
            )

        return direction
