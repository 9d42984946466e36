"""Solvers of the pressure projection that take one sample at a time, as a sparse matrix."""

import abc
import dataclasses
import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from keras import ops
from scipy.sparse import coo_array

from keras_solvers.applications.incompressible_flow.pressure_projection import PressureProjection


@dataclasses.dataclass(frozen=True)
class SparsePressureSolver(abc.ABC):
    """A solver on the processor, in float64; samples are solved side by side in threads.

    Args:
        problem: The `PressureProjection`.
        tolerance: Relative residual of each answer, in `(0, 1)`.
        num_iterations: Largest number of iterations.
        initial_guess: Solver whose answer the iteration starts from; zero if `None`.
        keep_setup: Whether to keep what depends on the solids alone for the next call, as for the
            steps of a simulation around fixed solids.

    Shapes:
        x: `(batch, *cells, 2)`, an array.
        returns: `(batch, *cells, 1)`, a NumPy array of the dtype of `x`.
    """

    problem: PressureProjection
    tolerance: float = 1e-6
    num_iterations: int = 10_000
    initial_guess: Callable | None = None
    keep_setup: bool = False

    def __post_init__(self):
        if not 0.0 < self.tolerance < 1.0:
            raise ValueError(
                f"`tolerance` must lie in (0, 1). Received: tolerance={self.tolerance}"
            )

    @staticmethod
    @abc.abstractmethod
    def set_up(matrix):
        """What is computed of the matrix alone, a factor or a hierarchy."""

    @abc.abstractmethod
    def solve(self, setup, b, p):
        """The solution of `A p = b`, vectors over the fluid cells, from the guess `p`."""

    def __call__(self, x):
        x = np.asarray(ops.convert_to_numpy(x))
        guess = np.zeros((*x.shape[:-1], 1))
        if self.initial_guess is not None:
            guess = np.asarray(ops.convert_to_numpy(self.initial_guess(x)), "float64")
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            answers = pool.map(self._solve_sample, x, guess[..., 0])
        return np.stack(list(answers))[..., None].astype(x.dtype)

    def _solve_sample(self, x, guess):
        solids = (x[..., 1] > 0).tobytes(), x.shape[:-1]
        set_up = _kept_setup if self.keep_setup else _setup
        coupled, setup = set_up(type(self), self.problem.sides, *solids)
        p = np.zeros(x.shape[:-1])
        b = -x[..., 0][coupled].astype("float64")
        if np.any(b):
            p[coupled] = self.solve(setup, b, guess[coupled])
        return p


def _setup(kind, sides, fluid, cells):
    """`(coupled, setup)` for a mask given by its bytes, which can be looked up."""
    fluid = np.frombuffer(fluid, bool).reshape(cells)
    coupled, matrix = pressure_matrix(fluid, sides)
    return coupled, kind.set_up(matrix)


_kept_setup = functools.lru_cache(maxsize=64)(_setup)


def pressure_matrix(fluid, sides):
    """`(coupled, A)`: the cells of fluid with a neighbour, and `A = -div grad` over them, CSR.

    Args:
        fluid: `cells`, positive in fluid.
        sides: `((low, high), ...)` for each axis.
    """
    fluid = np.asarray(fluid) > 0
    number = np.arange(fluid.size).reshape(fluid.shape)
    pairs, diagonal = [], np.zeros(fluid.size)
    for axis, (low, high) in enumerate(sides):
        ends = [np.take(number, end, axis).ravel() for end in (0, -1)]
        before = np.delete(number, -1, axis).ravel()
        after = np.delete(number, 0, axis).ravel()
        pairs.append(np.stack([before, after]))
        if low == "periodic":
            pairs.append(np.stack(ends[::-1]))
        for cells, side in zip(ends, (low, high), strict=True):
            np.add.at(diagonal, cells, 2.0 * (side == "open"))
    a, b = np.concatenate(pairs, axis=1)
    both = fluid.ravel()[a] & fluid.ravel()[b]
    a, b = a[both], b[both]
    for cells in (a, b):
        np.add.at(diagonal, cells, 1.0)
    coupled = fluid.ravel() & (diagonal > 0.0)
    new = np.cumsum(coupled) - 1
    kept = np.flatnonzero(coupled)
    rows = np.concatenate([new[a], new[b], new[kept]])
    columns = np.concatenate([new[b], new[a], new[kept]])
    values = np.concatenate([np.full(2 * len(a), -1.0), diagonal[kept]])
    matrix = coo_array((values, (rows, columns)), shape=(len(kept), len(kept))).tocsr()
    return coupled.reshape(fluid.shape), matrix
