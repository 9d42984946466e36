"""Fully developed turbulent flow in a square duct, with its secondary flow."""

import dataclasses
import functools
from collections.abc import Callable

import numpy as np

from keras_solvers.applications.turbulence_closure.rans.developed import (
    DuctFlow,
    check_flow,
    check_size,
)
from keras_solvers.applications.turbulence_closure.rans.galerkin_system import (
    DiscreteField,
    GalerkinSystem,
)
from keras_solvers.applications.turbulence_closure.rans.k_omega import KOmega, evaluate_closure
from keras_solvers.applications.turbulence_closure.rans.stream_function import StreamFunction
from keras_solvers.numerics.elements import LinearElements, stretched
from keras_solvers.numerics.newton import Newton


@dataclasses.dataclass(frozen=True)
class SquareDuct:
    """Pressure-driven, fully developed flow in a square duct.

    `U_j dU_i/dx_j = 2 e_x - grad p + d/dx_j (2 nu S_ij - 2 k b_ij)` and `div U = 0`, with
    `nu = 1 / Re_tau` and the two equations of a turbulence model. All fields are independent of the
    streamwise coordinate `x`. The secondary velocity is the curl of a `StreamFunction`, which
    eliminates the pressure. One quarter is solved, with walls at `y = 0` and `z = 0` and symmetry
    at 1.

    Only `<v v> - <w w>` and `<v w>` drive the secondary flow, which is of Prandtl's second kind.
    With a linear closure it vanishes.

    Args:
        friction_reynolds: `Re_tau`, from the mean friction velocity and the half width.
        num_cells: Cells along each side of the quarter.
        model: Equations of the turbulence scales.
        solver: `Newton`, with the tolerance of the residual. The residual norm is the largest, over
            the four equations, of the integrated absolute residual. Its units are the pressure
            force along the duct, a hundredth of it for the vorticity, `beta*` and `beta`.
    """

    friction_reynolds: float
    num_cells: int = 24
    model: KOmega = dataclasses.field(default_factory=KOmega)
    solver: Newton = dataclasses.field(default_factory=lambda: Newton(tolerance=1e-7))

    def __post_init__(self):
        check_size(self.friction_reynolds, self.num_cells, 8)

    @functools.cached_property
    def elements(self) -> LinearElements:
        axis = stretched(self.num_cells, 1.0 + self.friction_reynolds / 8.0)
        return LinearElements(axis, axis)

    @functools.cached_property
    def stream_function(self) -> StreamFunction:
        """The space of secondary velocities."""
        return StreamFunction(self.elements)

    @functools.cached_property
    def _inside(self):
        return np.flatnonzero((self.elements.nodes > 0.0).all(axis=1))

    def solve(self, closure: Callable, start: DuctFlow | None = None) -> DuctFlow:
        """Solves for the flow with a closure.

        Args:
            closure: Function of features (see `KOmega.features`) to anisotropies `(n, 3, 3)`; `n`
                is four times the number of cells, or a multiple of that.
            start: Initial flow with the same number of cells. If `None`, the flow of the model's
                linear closure, which is solved from `plug_flow`.

        Raises:
            NotConvergedError: If the residual does not fall below the tolerance.
            ValueError: If the output of the closure has another shape, or is not finite at the
                start, or if `start` is no duct flow with the same number of cells.
        """
        if start is None:
            start = self._solve(self.model.linear, self.plug_flow())
        check_flow(start, DuctFlow, self.num_cells)
        return self._solve(closure, start.fields())

    def _solve(self, closure, fields):
        system = self._galerkin_system(functools.partial(self._integrand, closure))
        velocity, psi, q, g = fields
        inside = self._inside
        u = np.concatenate([velocity[inside], psi, q[inside], g[inside]])
        _, precision = evaluate_closure(closure, self.features(system.at_points(u)))
        u, residuals = self.solver(system, u, precision)
        return self._flow(*system.parts(u), residuals)

    def _flow(self, velocity, psi, q, g, residuals):
        nodes = self.elements.nodes
        velocity, q, g = (self._at_nodes(part) for part in (velocity, q, g))
        bulk = float(self.elements.mass @ velocity)
        velocity = np.stack([velocity, *self.stream_function.at_nodes(psi)])
        return DuctFlow(nodes, velocity, q**2, g**2, bulk, psi, residuals)

    def _at_nodes(self, part):
        values = np.zeros(len(self.elements.nodes))
        values[self._inside] = part
        return values

    def plug_flow(self) -> tuple[np.ndarray, ...]:
        """A crude initial guess, as of `DuctFlow.fields`: uniform except near the walls."""
        distance = self.elements.nodes.min(axis=1)
        near = np.minimum(1.0, self.friction_reynolds * distance / 15.0)
        slope = np.sqrt(self.model.beta * self.friction_reynolds / 6.0)
        no_secondary_flow = np.zeros((self.num_cells - 1) ** 2)
        return 15.0 * near, no_secondary_flow, near, np.minimum(slope * distance, 0.3)

    def _galerkin_system(self, integrand):
        field = functools.partial(DiscreteField.at_nodes, self.elements, self._inside)
        fields = [
            field(2.0, 0.2),
            self.secondary_field(0.02),
            field(self.model.beta_star, 0.01, squared=True),
            field(self.model.beta, 0.003, squared=True),
        ]
        return GalerkinSystem(self.elements, integrand, fields)

    def secondary_field(self, scale: float) -> DiscreteField:
        """The unknown stream function, whose residual is measured in units of `scale`."""
        space = self.stream_function
        return DiscreteField(space.gather, space.mass, scale, size=0.05)

    def features(self, points: np.ndarray) -> dict[str, np.ndarray]:
        """Inputs of a closure from values and derivatives of the fields, `(5, 3, n)`."""
        n = points.shape[2]
        distance = np.resize(self.elements.points.min(axis=1), n)
        viscosity = 1.0 / self.friction_reynolds
        gradient = _gradient(points)
        return self.model.features(gradient, points[3, 0], points[4, 0], distance, viscosity)

    def _integrand(self, closure, points):
        viscosity = 1.0 / self.friction_reynolds
        b, _ = evaluate_closure(closure, self.features(points))
        gradient, (q, g) = _gradient(points), points[3:]
        strain = gradient + gradient.swapaxes(1, 2)
        stress = viscosity * strain - 2.0 * (q[0] ** 2)[:, None, None] * b
        force = np.array([2.0, 0.0, 0.0])
        momentum = np.moveaxis(-stress, 0, 2)
        momentum[:, 0] = force[:, None]  # streamwise derivatives vanish, so index 0 is unused
        rate = -2.0 * np.einsum("nij,nij->n", b, gradient)
        result = np.stack([*momentum, *self.model.equations(q, g, rate, viscosity)])
        advection = np.sum(points[1:3, :1].swapaxes(0, 1) * points[:, 1:], axis=1)
        advection[3:] *= 2.0 * points[3:, 0]
        result[:, 0] -= advection
        return result


def _gradient(points):
    """`dU_i / dx_j`, `(n, 3, 3)`; derivatives along `x` are zero."""
    gradient = np.zeros((points.shape[2], 3, 3))
    gradient[:, :, 1:] = np.moveaxis(points[:3, 1:], 2, 0)
    return gradient
