"""Iterative shrinkage-thresholding: proximal gradient descent for sparse codes."""

import dataclasses
from collections.abc import Callable

from keras import ops

from keras_solvers.applications.sparse_coding.problem import SparseCoding


@dataclasses.dataclass(frozen=True)
class ISTA:
    """`y <- S(y + A^T (x - A y) / L, penalty / L)` with the soft threshold `S`.

    The objective gap falls as `1/k` after `k` iterations, whatever the dictionary.

    Args:
        problem: The `SparseCoding` problem.
        num_iterations: Number of steps, at least 0.
        initial_guess: Solver whose answer the iteration starts from; zero if `None`.

    Shapes:
        x: `(batch, signal_dim)`, a float tensor or array; its dtype is the dtype of the iteration.
        returns: `(batch, num_atoms)`.

    Reference: Daubechies, Defrise and De Mol, 2004; Beck and Teboulle, 2009, section 3.
    """

    problem: SparseCoding
    num_iterations: int
    initial_guess: Callable | None = None

    def __post_init__(self):
        check_num_iterations(self.num_iterations)

    def __call__(self, x):
        x = ops.convert_to_tensor(x)
        y = start(self.problem, x, self.initial_guess)
        return ops.fori_loop(
            0, self.num_iterations, lambda _, y: proximal_step(self.problem, x, y), y
        )


def check_num_iterations(num_iterations):
    if not isinstance(num_iterations, int) or num_iterations < 0:
        raise ValueError(
            "`num_iterations` must be a whole number, at least 0. "
            f"Received: num_iterations={num_iterations!r}"
        )


def start(problem, x, initial_guess):
    """The code that an iteration for `x` starts from, in the dtype of `x`."""
    signal_dim, num_atoms = problem.dictionary.shape
    if len(x.shape) != 2 or x.shape[1] != signal_dim:
        raise ValueError(
            f"`x` must have the shape (batch, {signal_dim}), a signal in each row. "
            f"Received: x.shape={tuple(x.shape)}"
        )
    if initial_guess is None:
        return ops.zeros((ops.shape(x)[0], num_atoms), dtype=x.dtype)
    return ops.cast(initial_guess(x), x.dtype)


def proximal_step(problem, x, y):
    """One gradient step of length `1/L` on the misfit, then the soft threshold."""
    step = problem.correlation(x - problem.forward(y)) / problem.lipschitz
    return ops.soft_shrink(y + step, problem.penalty / problem.lipschitz)
