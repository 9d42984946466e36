"""Relaxation of the pressure equation: damped Jacobi and red-black successive over-relaxation."""

import dataclasses

import numpy as np
from keras import ops

from keras_solvers.applications.incompressible_flow.classic.pressure_solver import PressureSolver


@dataclasses.dataclass(frozen=True)
class DampedJacobi(PressureSolver):
    """`p <- p + damping * (b - A p) / diagonal`, all cells at once.

    Args:
        damping: In `(0, 1]`; 0.8 smooths best, 1 does not converge for checkerboards.

    Reference: Saad, Iterative methods for sparse linear systems, 2003, section 4.1.
    """

    damping: float = 0.8

    def prepared(self, fluid):
        operator = self.problem.operator(fluid)

        def step(b, p):
            new = (b + operator.neighbours(p)) * operator.inverse_diagonal
            return p + self.damping * (new - p)

        return self.repeated(step, operator)


@dataclasses.dataclass(frozen=True)
class RedBlackSOR(PressureSolver):
    """Gauss-Seidel in the order of a checkerboard, each update longer by `relaxation`.

    Args:
        relaxation: In `(0, 2)`; `2 / (1 + sin(pi / n))` is best for `n` cells in a closed box.

    Reference: Young, Iterative solution of large linear systems, 1971, chapter 6.
    """

    relaxation: float = 1.0

    def prepared(self, fluid):
        operator = self.problem.operator(fluid)
        colours = checkerboard(operator.diagonal)

        def step(b, p):
            return half_sweeps(operator, colours, b, p, 2, 0, self.relaxation)

        return self.repeated(step, operator)


def checkerboard(like):
    """1 on the black cells, 0 on the red ones; `(1, *cells)` in the dtype of `like`."""
    parity = sum(np.meshgrid(*map(np.arange, like.shape[1:]), indexing="ij")) % 2
    return ops.cast(parity[None], like.dtype)


def half_sweeps(operator, colours, b, p, count, first, relaxation=1.0):
    """`count` half sweeps of Gauss-Seidel, red and black by turns, `first` 0 for red.

    A loop, though a short one: XLA would fuse unrolled half sweeps into one kernel that computes
    each neighbour's neighbours again.

    Args:
        relaxation: Length of the updates, a number or one for each half sweep, `(count,)`.
    """
    lengths = ops.broadcast_to(ops.cast(relaxation, p.dtype), (count,))

    def half_sweep(k, p):
        colour = ops.where((k + first) % 2 == 0, 1.0 - colours, colours)
        new = (b + operator.neighbours(p)) * operator.inverse_diagonal
        return p + ops.take(lengths, k) * colour * (new - p)

    return ops.fori_loop(0, count, half_sweep, p)
