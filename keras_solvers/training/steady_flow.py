"""Training of stream networks on the weak form of a steady flow, by Newton's method."""

import numpy as np
from scipy.sparse import csc_matrix, diags
from scipy.sparse.linalg import splu

from keras_solvers.rans.newton import NotConvergedError
from keras_solvers.training.local_jets import LocalBasis, jets, product
from keras_solvers.training.weak_pressure import fit_pressure

_STEPS = 40
_PICARD = 5  # first steps, in which the flow that carries is the last one: from far away
# Share of the largest singular value of features below which they are dependent: with less, weights
# are so large that the network in float32 loses digits; with 1e-4 the flow does.
_ALIKE = 1e-5


def fit_steady_flow(network, viscosity, points, areas, on_step=None, tolerance=1e-7):
    """Trains a `stream_network` to the steady incompressible Navier-Stokes equations.

    Galerkin's method: with `u = curl psi`, and for all functions `phi` that the network can add
    to `psi`, `nu (grad u, grad curl phi) + (u . grad u, curl phi) = 0`. It has no pressure, which
    is fitted afterwards, and where fluid leaves `p n = nu du/dn`. The first step is the flow
    without inertia; Picard's iteration follows, and Newton's method. Residuals squared at points,
    in contrast, let a little residual next to each wall change the flow everywhere.

    Args:
        network: The network, in float64.
        viscosity: Kinematic viscosity `nu`.
        points: `(num_points, 2)`, points of a quadrature, denser where windows are small.
        areas: `(num_points,)`, their weights.
        on_step: Called after each step with its number and the squared norm of what was left;
            training ends when it returns `True`.
        tolerance: Of the largest change of a weight in the last step, over the largest weight.

    Returns:
        Whether the flow has converged; otherwise `on_step` has ended the training.

    Raises:
        NotConvergedError: If Newton's method does not converge.
        ValueError: If points and areas do not agree, or the network is not in float64.

    References: Sun, Dong and Wang, Local randomized neural networks with discontinuous Galerkin
    methods for partial differential equations, 2022; Elman, Silvester and Wathen, Finite Elements
    and Fast Iterative Solvers, 2014, section 8.2.
    """
    _check(network, points, areas)
    walls = network.get_layer("walls")
    basis = LocalBasis(network.get_layer("stream_features"), points, _ALIKE)
    equations = WeakMomentum(walls, basis, viscosity, areas)
    weights, stopped = np.zeros(equations.size), False
    for step in range(_STEPS):
        matrix, left = equations(weights, step > _PICARD, viscous_only=step == 0)
        change, size = equations.solve(matrix, -left)
        weights = weights + change
        converged = step > _PICARD and equations.norm(change) < tolerance * equations.norm(weights)
        stopped = on_step is not None and on_step(step, size)
        if converged or stopped:
            break
    else:
        raise NotConvergedError(f"Newton's method did not converge in {_STEPS} steps.")
    network.get_layer("stream_features").kernel.assign(basis.kernel(weights[: basis.size]))
    walls.constants.assign(weights[basis.size :])
    fit_pressure(network, basis, equations, weights)
    return converged


def _check(network, points, areas):
    dtype = network.trainable_variables[0].dtype
    if dtype != "float64":
        raise ValueError(
            "The network must compute in float64: `stream_network(..., dtype='float64')`. "
            f"Received: dtype={dtype!r}"
        )
    if np.ndim(points) != 2 or np.shape(areas) != np.shape(points)[:1]:
        raise ValueError(
            "Each point has two coordinates and an area. Received: shapes "
            f"{np.shape(points)} and {np.shape(areas)}"
        )


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
