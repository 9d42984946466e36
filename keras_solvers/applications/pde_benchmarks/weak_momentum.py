"""The weak momentum equations of a stream function, as linear systems."""

import numpy as np
from scipy.sparse import csc_matrix, diags
from scipy.sparse.linalg import splu

from keras_solvers.applications.pde_benchmarks.local_jets import jets, product


class WeakMomentum:
    """The equations of `fit_steady_flow`, linear systems of the weights of the stream function.

    Args:
        walls: The `WallStreamFunction`.
        basis: The `LocalBasis` of what it blends, at the points.
        viscosity: Kinematic viscosity.
        areas: Weights of the points.

    Attributes:
        size: Number of weights, the constants of the islands at last.
        factor: Jet of what the basis is multiplied by, `(6, num_points, 1)`.
    """

    def __init__(self, walls, basis, viscosity, areas):
        self.viscosity, self.areas = viscosity, areas
        parts = jets(walls.parts, basis.points)
        self.factor, self._known, unknown = np.split(parts, [1, 2], axis=2)
        self.size = basis.size + unknown.shape[2]
        constants = np.arange(basis.size, self.size)
        self._patches = []
        for rows, windows in basis.patches():
            local = product(self.factor[:, rows], basis.jets(rows, windows))
            columns = np.concatenate([basis.columns(windows), constants])
            # The values of the stream function itself occur nowhere.
            self._patches.append((rows, columns, np.concatenate([local, unknown[:, rows]], 2)[1:]))
        self._stiffness = np.zeros((self.size, self.size))
        for rows, columns, (_, _, xx, xy, yy) in self._patches:
            area = viscosity * areas[rows, None]
            block = xx.T @ (area * xx) + 2.0 * xy.T @ (area * xy) + yy.T @ (area * yy)
            self._stiffness[np.ix_(columns, columns)] += block
        self._scale = 1.0 / np.sqrt(self._stiffness.diagonal())

    def flow(self, weights):
        """`(6, num_points)`: `u, v, u_x, u_y, v_x, v_y` at the points."""
        psi = self._known[1:, :, 0].copy()
        for rows, columns, derivatives in self._patches:
            psi[:, rows] += derivatives @ weights[columns]
        x, y, xx, xy, yy = psi
        return np.stack([y, -x, xy, yy, -xx, -xy])

    def __call__(self, weights, newton, viscous_only=False):
        """`(matrix, residual)` at some weights; Picard's matrix unless `newton`."""
        matrix, left = self._stiffness.copy(), np.zeros(self.size)
        flow = self.flow(weights)
        for rows, columns, (x, y, xx, xy, yy) in self._patches:
            u, v, u_x, u_y, v_x, v_y = flow[:, rows]
            a, b, c = self.areas[rows] * np.stack([u_y, u_x, -v_x])
            left[columns] += self.viscosity * (yy.T @ a + 2.0 * xy.T @ b + xx.T @ c)
            if viscous_only:
                continue
            forces = self.areas[rows] * np.stack([u * u_x + v * u_y, u * v_x + v * v_y])
            left[columns] += y.T @ forces[0] - x.T @ forces[1]
            u, v, u_x, u_y, v_x, v_y = (self.areas[rows] * flow[:, rows])[:, :, None]
            along, across = u * xy + v * yy, -u * xx - v * xy
            if newton:
                along, across = along + u_x * y - u_y * x, across + v_x * y - v_y * x
            matrix[np.ix_(columns, columns)] += y.T @ along - x.T @ across
        return matrix, left

    def solve(self, matrix, right):
        """The solution of a system, and the squared norm of its right side."""
        scaled = diags(self._scale) @ csc_matrix(matrix) @ diags(self._scale)
        right = self._scale * right
        found = splu(scaled.tocsc(), permc_spec="MMD_AT_PLUS_A").solve(right)
        return self._scale * found, float(right @ right)

    def norm(self, weights):
        """The largest weight, each in the unit in which it dissipates alike."""
        return float(np.max(np.abs(weights / self._scale)))
