"""What the iterative solvers of the pressure projection have in common."""

import abc
import dataclasses
from collections.abc import Callable

from keras import ops

from keras_solvers.applications.incompressible_flow.pressure_projection import PressureProjection


@dataclasses.dataclass(frozen=True)
class PressureSolver(abc.ABC):
    """An iteration `p <- step(b, p)` towards `A p = b`, with `b` the negative divergence.

    The answer is the iterate of least residual, so it is never worse than the initial guess: also
    where the precision of the numbers ends, or for a network that leads astray.

    Args:
        problem: The `PressureProjection`.
        num_iterations: Number of iterations, the largest one if there is a tolerance.
        tolerance: Relative residual at which a batch is done; all iterations are made if 0.
        initial_guess: Solver whose answer the iteration starts from; zero if `None`, and where the
            answer is no better than zero, or not finite.

    Shapes:
        x: `(batch, *cells, 2)`; its dtype is the dtype of the iteration. In float32 the residual
            of smooth flows ends near `1e-7 n^2` for `n` cells along an axis.
        returns: `(batch, *cells, 1)`.
    """

    problem: PressureProjection
    num_iterations: int
    tolerance: float = 0.0
    initial_guess: Callable | None = None

    def __post_init__(self):
        if self.num_iterations < 0 or not 0.0 <= self.tolerance < 1.0:
            raise ValueError(
                "`num_iterations` must be at least 0 and `tolerance` in [0, 1). Received: "
                f"num_iterations={self.num_iterations}, tolerance={self.tolerance}"
            )

    @abc.abstractmethod
    def prepared(self, fluid):
        """What depends on the fluid cells alone is computed here, once.

        Args:
            fluid: `(batch, *cells)`.

        Returns:
            Callable from `(b, p)`, a right-hand side and a guess, to a better pressure; all of
            shape `(batch, *cells)`.
        """

    def __call__(self, x):
        x = ops.convert_to_tensor(x)
        fluid = x[..., 1]
        b, p = -fluid * x[..., 0], ops.zeros_like(fluid)
        if self.initial_guess is not None:
            guess = ops.cast(self.initial_guess(x), x.dtype)[..., 0]
            left = b - self.problem.operator(fluid)(guess)
            p = where(norm(left) < norm(b), guess, p)
        return self.prepared(fluid)(b, p)[..., None]

    def repeated(self, step, operator):
        """The solve of an iteration that is given by its step."""

        def solve(b, p):
            if not self.tolerance:
                return ops.fori_loop(0, self.num_iterations, lambda _, p: step(b, p), p)

            def advance(p):
                p = step(b, p)
                return p, norm(b - operator(p))

            return self._until_small(advance, (p,), b, p, norm(b - operator(p)))

        return solve

    def _until_small(self, advance, state, b, p, residual):
        """Iterates `*state, residual = advance(*state)` while a residual is too large.

        The first entry of the state is the pressure; the best pressure of each sample is returned.
        """
        limit = self.tolerance * norm(b)

        def unfinished(best, least, *state):
            return ops.any(least > limit)

        def body(best, least, *state):
            *state, residual = advance(*state)
            better = residual < least
            return (where(better, state[0], best), ops.where(better, residual, least), *state)

        best, *_ = ops.while_loop(
            unfinished, body, (p, residual, *state), maximum_iterations=self.num_iterations
        )
        return best


def prepared(solver, problem, fluid):
    """Any solver of the problem as a correction `(b, p) -> p` for one geometry.

    A `PressureSolver` goes on from `p`; another, such as a network, answers for the divergence
    that `p` leaves.
    """
    if isinstance(solver, PressureSolver):
        return solver.prepared(fluid)
    operator = problem.operator(fluid)

    def correct(b, p):
        left = ops.stack([operator(p) - b, fluid], axis=-1)
        return p + ops.cast(solver(left), p.dtype)[..., 0]

    return correct


def dot(a, b):
    """Inner product of each sample, `(batch,)`."""
    return ops.sum(a * b, axis=tuple(range(1, len(a.shape))))


def norm(a):
    """Euclidean norm of each sample, `(batch,)`."""
    return ops.sqrt(dot(a, a))


def scaled(factor, array):
    """`factor` `(batch,)` times an array `(batch, ...)`."""
    return ops.reshape(factor, (-1,) + (1,) * (len(array.shape) - 1)) * array


def where(condition, a, b):
    """`ops.where` for a condition `(batch,)`."""
    return ops.where(ops.reshape(condition, (-1,) + (1,) * (len(a.shape) - 1)), a, b)


def ratio(numerator, denominator):
    """The quotient, 0 where the denominator is not positive: there is nothing left to do."""
    positive = denominator > 0.0
    safe = ops.where(positive, denominator, ops.ones_like(denominator))
    return ops.where(positive, numerator / safe, ops.zeros_like(safe))
