"""The developed turbulent flow along a square duct, and the motion across it."""

import dataclasses
import functools

import numpy as np
from scipy import sparse

from keras_solvers.rans.balance import Balance
from keras_solvers.rans.elements import LinearElements, stretched
from keras_solvers.rans.k_omega import KOmega, anisotropy
from keras_solvers.rans.newton import Newton

# Of the pressure across the duct, which is below one: it leaves a divergence of 1e-4 of what the
# motion across would have without it.
_PENALTY = 1e4


@dataclasses.dataclass(frozen=True)
class DuctFlow:
    """A developed flow in a quarter of a duct, all at its nodes.

    Lengths are in half widths, velocities in the friction velocity of the mean wall stress.

    Attributes:
        nodes: `(num_nodes, 2)`, distances `y` and `z` to the walls.
        velocity: `(3, num_nodes)`, along the duct, along `y` and along `z`.
        energy: Turbulent energy `k`.
        time: Time scale `1 / omega`.
        bulk: Mean velocity along the duct.
        residuals: At the start and after each step; the last is below the solver's tolerance.
    """

    nodes: np.ndarray
    velocity: np.ndarray
    energy: np.ndarray
    time: np.ndarray
    bulk: float
    residuals: list

    def fields(self):
        """`(5, num_nodes)`: what the solver solves for."""
        return np.stack([*self.velocity, np.sqrt(self.energy), np.sqrt(self.time)])

    @property
    def secondary(self):
        """`(num_nodes,)`, speed across the duct over the bulk velocity."""
        return np.hypot(*self.velocity[1:]) / self.bulk


@dataclasses.dataclass(frozen=True)
class SquareDuct:
    """Pressure-driven flow along a square duct, far from its entrance.

    `U_j dU_i/dx_j = 2 e_x - grad p + d/dx_j (2 nu S_ij - 2 k b_ij)`, `div U = 0`, with
    `nu = 1 / Re_tau` and the two equations of a model, all independent of `x`. The pressure is
    replaced by a penalty on the divergence in the middles of the cells. A quarter is solved: walls
    at `y = 0` and `z = 0`, symmetry at 1.

    Motion across comes from `<v v> - <w w>` and `<v w>` alone (Prandtl's second kind): a linear
    closure makes none.

    Args:
        friction_reynolds: `Re_tau`, of the mean friction velocity and the half width.
        num_cells: Cells along each side of the quarter.
        model: Equations of the scales of turbulence.
        solver: `Newton`, with the tolerance of the residual, the largest over the five equations of
            the integral of what is left of all terms; in units of the pressure's force along the
            duct, of a hundredth of it across, of `beta*` and of `beta`.
    """

    friction_reynolds: float
    num_cells: int = 24
    model: KOmega = dataclasses.field(default_factory=KOmega)
    solver: Newton = dataclasses.field(default_factory=lambda: Newton(tolerance=1e-7))

    def __post_init__(self):
        if not self.friction_reynolds > 20.0 or not self.num_cells >= 4:
            raise ValueError(
                "`friction_reynolds` must be above 20, or there is no turbulence, and `num_cells` "
                f"4 or more. Received: friction_reynolds={self.friction_reynolds}, "
                f"num_cells={self.num_cells}"
            )

    @functools.cached_property
    def elements(self):
        return LinearElements(*self._axes())

    def _axes(self):
        return [stretched(self.num_cells, 1.0 + self.friction_reynolds / 8.0)] * 2

    def solve(self, closure, start=None):
        """The flow with a closure; arguments and errors as of `Channel.solve`."""
        if start is None:
            start = self._solve(self.model.linear, self.plug())
        return self._solve(closure, start.fields())

    def _solve(self, closure, fields):
        balance = self.balance(functools.partial(self._local, closure))
        u = fields.ravel()[balance.free]
        _, precision = anisotropy(closure, self.features(balance.at_points(u)))
        u, residuals = self.solver(balance, u, precision)
        *velocity, q, g = balance.fields(u)
        bulk = float(self.elements.mass @ velocity[0])
        nodes = self.elements.nodes
        return DuctFlow(nodes, np.stack(velocity), q**2, g**2, bulk, residuals)

    def plug(self):
        """A rough start, `(5, num_nodes)`: uniform but for what walls take, and nothing across."""
        distance = self.elements.nodes.min(axis=1)
        near = np.minimum(1.0, self.friction_reynolds * distance / 15.0)
        slope = np.sqrt(self.model.beta * self.friction_reynolds / 6.0)
        none = np.zeros_like(near)
        return np.stack([15.0 * near, none, none, near, np.minimum(slope * distance, 0.3)])

    def balance(self, local):
        """The `Balance` of `U, V, W, sqrt(k), sqrt(1 / omega)`."""
        y, z = self.elements.nodes.T
        inside = (y > 0.0) & (z > 0.0)
        free = np.stack([inside, inside & (y < 1.0), inside & (z < 1.0), inside, inside])
        scales = (2.0, 0.02, 0.02, self.model.beta_star, self.model.beta)
        squared = (False, False, False, True, True)
        sizes = (0.2, 0.5, 0.5, 0.01, 0.003)
        linear = self.incompressibility()
        return Balance(self.elements, local, free, scales, sizes, squared, linear)

    def incompressibility(self):
        """Minus the penalty of the divergence, a matrix on all fields at all nodes."""
        middles = LinearElements(*self._axes(), num_points=1)
        _, along_y, along_z = np.split(np.arange(middles.gather.shape[0]), 3)
        none = sparse.csr_matrix((len(along_y), len(self.elements.nodes)))
        parts = [none, middles.gather[along_y], middles.gather[along_z], none, none]
        divergence = sparse.hstack(parts)
        return -_PENALTY * divergence.T @ sparse.diags(middles.weights) @ divergence

    def features(self, points):
        """Features of a closure from `(5, 3, n)`, values and derivatives of the fields."""
        n = points.shape[2]
        distance = np.resize(self.elements.points.min(axis=1), n)
        viscosity = 1.0 / self.friction_reynolds
        gradient = _gradient(points)
        return self.model.features(gradient, points[3, 0], points[4, 0], distance, viscosity)

    def _local(self, closure, points):
        viscosity = 1.0 / self.friction_reynolds
        b, _ = anisotropy(closure, self.features(points))
        gradient, (q, g) = _gradient(points), points[3:]
        strain = gradient + gradient.swapaxes(1, 2)
        stress = viscosity * strain - 2.0 * (q[0] ** 2)[:, None, None] * b
        force = np.array([2.0, 0.0, 0.0])
        momentum = np.moveaxis(-stress, 0, 2)
        momentum[:, 0] = force[:, None]  # nothing changes along the duct: the place is free
        rate = -2.0 * np.einsum("nij,nij->n", b, gradient)
        result = np.stack([*momentum, *self.model.equations(q, g, rate, viscosity)])
        carried = np.sum(points[1:3, :1].swapaxes(0, 1) * points[:, 1:], axis=1)
        carried[3:] *= 2.0 * points[3:, 0]
        result[:, 0] -= carried
        return result


def _gradient(points):
    """`(n, 3, 3)`, `dU_i / dx_j`, nothing along `x`."""
    gradient = np.zeros((points.shape[2], 3, 3))
    gradient[:, :, 1:] = np.moveaxis(points[:3, 1:], 2, 0)
    return gradient
