"""Accelerated iterative shrinkage-thresholding."""

import dataclasses
from collections.abc import Callable

from keras import ops

from keras_solvers.applications.sparse_coding.ista import check_num_iterations, proximal_step, start
from keras_solvers.applications.sparse_coding.problem import SparseCoding


@dataclasses.dataclass(frozen=True)
class FISTA:
    """ISTA from a point extrapolated along the last move; the gap falls as `1/k^2`.

    The momentum of a sample starts anew whenever it points uphill (gradient scheme), which turns
    the ripples of plain FISTA into linear convergence once the support is found.

    Args:
        problem: The `SparseCoding` problem.
        num_iterations: Number of steps, at least 0.
        initial_guess: Solver whose answer the iteration starts from; zero if `None`.
        restart: Whether the momentum restarts.

    Shapes:
        x: `(batch, signal_dim)`, a float tensor or array; its dtype is the dtype of the iteration.
        returns: `(batch, num_atoms)`.

    Reference: Beck and Teboulle, 2009, section 4; O'Donoghue and Candes, Adaptive restart for
    accelerated gradient schemes, 2015, section 3.2.
    """

    problem: SparseCoding
    num_iterations: int
    initial_guess: Callable | None = None
    restart: bool = True

    def __post_init__(self):
        check_num_iterations(self.num_iterations)

    def __call__(self, x):
        x = ops.convert_to_tensor(x)
        y = start(self.problem, x, self.initial_guess)
        momentum = ops.ones_like(x[:, :1])
        state = ops.fori_loop(0, self.num_iterations, self._step(x), (y, y, momentum))
        return state[0]

    def _step(self, x):
        def step(_, state):
            y, ahead, momentum = state
            new = proximal_step(self.problem, x, ahead)
            if self.restart:
                uphill = ops.sum((ahead - new) * (new - y), axis=-1, keepdims=True) > 0
                momentum = ops.where(uphill, 1.0, momentum)
            next_momentum = 0.5 * (1.0 + ops.sqrt(1.0 + 4.0 * ops.square(momentum)))
            ahead = new + (momentum - 1.0) / next_momentum * (new - y)
            return new, ahead, next_momentum

        return step
