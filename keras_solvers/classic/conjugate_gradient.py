"""Conjugate gradients for the pressure equation, with any solver as preconditioner."""

import dataclasses
from collections.abc import Callable

from keras import ops

from keras_solvers.classic.pressure_solver import PressureSolver, dot, norm, prepared, ratio, scaled


@dataclasses.dataclass(frozen=True)
class ConjugateGradient(PressureSolver):
    """Flexible conjugate gradients: the preconditioner may be any solver, linear or not.

    A direction is the preconditioner's answer for the residual, made `A`-orthogonal to the last
    `num_previous` directions, and followed to its minimum. So the error in the energy norm never
    grows, whatever the preconditioner says; with a symmetric one and one previous direction this
    is the preconditioned method of Hestenes and Stiefel. The residual is computed from the pressure
    in every step, not updated: the tolerance is met by the answer itself.

    Args:
        preconditioner: A solver of the same problem, for example `Multigrid(problem, 1)`,
            `DampedJacobi(problem, 1, damping=1.0)` (diagonal preconditioning) or a network; `None`
            for the residual itself.
        num_previous: Number of directions kept, at least 1; deep conjugate directions keep 2.

    Reference: Notay, Flexible conjugate gradients, 2000, algorithm 2.1; Kaneda et al., A deep
    conjugate direction method for iteratively solving linear systems, 2023, section 4.
    """

    preconditioner: Callable | None = None
    num_previous: int = 1

    def prepared(self, fluid):
        operator = self.problem.operator(fluid)
        if self.preconditioner is None:
            improve = None
        else:
            improve = prepared(self.preconditioner, self.problem, fluid)

        def step(b, p, *previous):
            residual = b - operator(p)
            z = residual if improve is None else improve(residual, ops.zeros_like(residual))
            direction, image = z, operator(z)
            for d, a, energy in zip(previous[::3], previous[1::3], previous[2::3], strict=True):
                share = ratio(dot(z, a), energy)
                direction = direction - scaled(share, d)
                image = image - scaled(share, a)
            energy = dot(direction, image)
            p = p + scaled(ratio(dot(direction, residual), energy), direction)
            return p, direction, image, energy, *previous[: 3 * (self.num_previous - 1)]

        def solve(b, p):
            zero = ops.zeros_like(b)
            state = (p, *((zero, zero, dot(zero, zero)) * self.num_previous))

            def advance(*state):
                state = step(b, *state)
                return *state, norm(b - operator(state[0]))

            if self.tolerance:
                return self._until_small(advance, state, b, p, norm(b - operator(p)))
            return ops.fori_loop(0, self.num_iterations, lambda _, s: step(b, *s), state)[0]

        return solve
