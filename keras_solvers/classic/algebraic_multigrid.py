"""Algebraic multigrid for the pressure equation, by PyAMG."""

import dataclasses

import numpy as np

from keras_solvers.classic.sparse_pressure import SparsePressureSolver


@dataclasses.dataclass(frozen=True)
class AlgebraicMultigrid(SparsePressureSolver):
    """Ruge-Stueben multigrid, set up for each geometry, which accelerates conjugate gradients.

    Needs PyAMG: `pip install 'keras_solvers[fluids]'`.

    Reference: Bell, Olson, Schroder and Southworth, PyAMG: Algebraic multigrid solvers in Python,
    2023.
    """

    def solve(self, matrix, b, p):
        try:
            import pyamg
        except ImportError as error:
            raise ImportError(
                "Algebraic multigrid needs PyAMG, which is not installed: "
                "pip install 'keras_solvers[fluids]'"
            ) from error
        # Closed parts leave the coarsest matrix singular: the pseudoinverse takes no notice.
        solver = pyamg.ruge_stuben_solver(matrix, coarse_solver="pinv")
        # PyAMG measures against the first residual, the tolerance here is relative to `b`.
        first = np.linalg.norm(b - matrix @ p)
        tolerance = min(1.0, self.tolerance * np.linalg.norm(b) / first) if first else 1.0
        return solver.solve(b, p, tol=tolerance, maxiter=self.num_iterations, accel="cg")
