"""The developed turbulent flow along a square duct, and the motion across it."""

import dataclasses
import functools

import numpy as np

from keras_solvers.applications.turbulence_closure.rans.balance import Balance, Field
from keras_solvers.applications.turbulence_closure.rans.developed import (
    DuctFlow,
    check_flow,
    check_size,
)
from keras_solvers.applications.turbulence_closure.rans.k_omega import KOmega, anisotropy
from keras_solvers.applications.turbulence_closure.rans.stream_function import StreamFunction
from keras_solvers.numerics.elements import LinearElements, stretched
from keras_solvers.numerics.newton import Newton


@dataclasses.dataclass(frozen=True)
class SquareDuct:
    """Pressure-driven flow along a square duct, far from its entrance.

    `U_j dU_i/dx_j = 2 e_x - grad p + d/dx_j (2 nu S_ij - 2 k b_ij)`, `div U = 0`, with
    `nu = 1 / Re_tau` and the two equations of a model, all independent of `x`. The motion across is
    the curl of a `StreamFunction`, so that no pressure is left. A quarter is solved: walls at
    `y = 0` and `z = 0`, symmetry at 1.

    Motion across comes from `<v v> - <w w>` and `<v w>` alone (Prandtl's second kind): a linear
    closure makes none.

    Args:
        friction_reynolds: `Re_tau`, of the mean friction velocity and the half width.
        num_cells: Cells along each side of the quarter.
        model: Equations of the scales of turbulence.
        solver: `Newton`, with the tolerance of the residual, the largest over the four equations of
            the integral of what is left of all terms; in units of the pressure's force along the
            duct, of a hundredth of it for the vorticity, of `beta*` and of `beta`.
    """

    friction_reynolds: float
    num_cells: int = 24
    model: KOmega = dataclasses.field(default_factory=KOmega)
    solver: Newton = dataclasses.field(default_factory=lambda: Newton(tolerance=1e-7))

    def __post_init__(self):
        check_size(self.friction_reynolds, self.num_cells, 8)

    @functools.cached_property
    def elements(self):
        axis = stretched(self.num_cells, 1.0 + self.friction_reynolds / 8.0)
        return LinearElements(axis, axis)

    @functools.cached_property
    def across(self):
        """The `StreamFunction` of all motions across."""
        return StreamFunction(self.elements)

    @functools.cached_property
    def _inside(self):
        return np.flatnonzero((self.elements.nodes > 0.0).all(axis=1))

    def solve(self, closure, start=None):
        """The flow with a closure.

        Args:
            closure: Function of features (see `KOmega.features`) to anisotropies `(n, 3, 3)`; `n`
                is four times the number of cells, or a multiple of that.
            start: A `DuctFlow` on as many cells. If `None`, the flow of the model's linear closure,
                which is solved from a plug of fluid.

        Raises:
            NotConvergedError: If no flow is found whose residual is below the tolerance.
            ValueError: If the closure's answer has another shape, or is not finite at the start, or
                `start` is no flow on as many cells.
        """
        if start is None:
            start = self._solve(self.model.linear, self.plug())
        check_flow(start, DuctFlow, self.num_cells)
        return self._solve(closure, start.fields())

    def _solve(self, closure, fields):
        balance = self._balance(functools.partial(self._local, closure))
        velocity, psi, q, g = fields
        inside = self._inside
        u = np.concatenate([velocity[inside], psi, q[inside], g[inside]])
        _, precision = anisotropy(closure, self.features(balance.at_points(u)))
        u, residuals = self.solver(balance, u, precision)
        return self._flow(*balance.parts(u), residuals)

    def _flow(self, velocity, psi, q, g, residuals):
        nodes = self.elements.nodes
        velocity, q, g = (self._at_nodes(part) for part in (velocity, q, g))
        bulk = float(self.elements.mass @ velocity)
        velocity = np.stack([velocity, *self.across.at_nodes(psi)])
        return DuctFlow(nodes, velocity, q**2, g**2, bulk, psi, residuals)

    def _at_nodes(self, part):
        values = np.zeros(len(self.elements.nodes))
        values[self._inside] = part
        return values

    def plug(self):
        """A rough start, as of `DuctFlow.fields`: uniform but near walls, and nothing across."""
        distance = self.elements.nodes.min(axis=1)
        near = np.minimum(1.0, self.friction_reynolds * distance / 15.0)
        slope = np.sqrt(self.model.beta * self.friction_reynolds / 6.0)
        none = np.zeros((self.num_cells - 1) ** 2)
        return 15.0 * near, none, near, np.minimum(slope * distance, 0.3)

    def _balance(self, local):
        field = functools.partial(Field.at_nodes, self.elements, self._inside)
        fields = [
            field(2.0, 0.2),
            self.motion(0.02),
            field(self.model.beta_star, 0.01, squared=True),
            field(self.model.beta, 0.003, squared=True),
        ]
        return Balance(self.elements, local, fields)

    def motion(self, scale):
        """The `Field` of the motion across, whose residual is told in units of `scale`."""
        return Field(self.across.gather, self.across.mass, scale, size=0.05)

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
