"""Algebraic multigrid for the pressure equation, by PyAMG."""

import dataclasses

import numpy as np
from scipy.sparse import diags_array
from scipy.sparse.csgraph import connected_components

from keras_solvers.applications.incompressible_flow.classic.sparse_pressure import (
    SparsePressureSolver,
)


@dataclasses.dataclass(frozen=True)
class AlgebraicMultigrid(SparsePressureSolver):
    """Ruge-Stueben multigrid, set up for each geometry, which accelerates conjugate gradients.

    Needs PyAMG: `pip install 'keras_solvers[fluids]'`.

    Reference: Bell, Olson, Schroder and Southworth, PyAMG: Algebraic multigrid solvers in Python,
    2023.
    """

    @staticmethod
    def set_up(matrix):
        try:
            import pyamg
        except ImportError as error:
            raise ImportError(
                "Algebraic multigrid needs PyAMG, which is not installed: "
                "pip install 'keras_solvers[fluids]'"
            ) from error
        matrix = _grounded(matrix)
        return matrix, pyamg.ruge_stuben_solver(matrix)

    def solve(self, setup, b, p):
        matrix, hierarchy = setup
        # PyAMG measures against the first residual, the tolerance here is relative to `b`.
        first = np.linalg.norm(b - matrix @ p)
        tolerance = min(1.0, self.tolerance * np.linalg.norm(b) / first) if first else 1.0
        return hierarchy.solve(b, p, tol=tolerance, maxiter=self.num_iterations, accel="cg")


def _grounded(matrix):
    """The matrix with the pressure of the first cell of each closed part tied to zero.

    The solution is one of the old ones, but the matrix is regular, which the setup relies on.
    """
    _, part = connected_components(matrix, directed=False)
    _, first = np.unique(part, return_index=True)
    open_parts = np.bincount(part, np.abs(matrix.sum(axis=1)) > 0.5) > 0
    tied = np.zeros(matrix.shape[0])
    tied[first[~open_parts]] = 1.0
    return (matrix + diags_array(tied)).tocsr()
