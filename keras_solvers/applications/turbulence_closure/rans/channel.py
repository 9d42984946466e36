"""Fully developed turbulent channel flow with any closure."""

import dataclasses
import functools
from collections.abc import Callable

import numpy as np

from keras_solvers.applications.turbulence_closure.rans.developed import (
    ChannelFlow,
    check_flow,
    check_size,
)
from keras_solvers.applications.turbulence_closure.rans.galerkin_system import (
    DiscreteField,
    GalerkinSystem,
)
from keras_solvers.applications.turbulence_closure.rans.k_omega import KOmega, evaluate_closure
from keras_solvers.numerics.elements import LinearElements, stretched
from keras_solvers.numerics.newton import Newton


@dataclasses.dataclass(frozen=True)
class Channel:
    """Pressure-driven, fully developed flow between parallel walls.

    The momentum equation is `0 = 1 + d/dy (nu dU/dy - <u v>)` with `nu = 1 / Re_tau` and
    `<u v> = 2 k b_12`. Here `k` and `epsilon` are those of a two-equation model, and `b` is the
    output of a closure. Newton's method solves all equations together, on linear elements of second
    order. The residual norm is the largest, over the three equations, of the integrated absolute
    residual, in units of the pressure force, of `beta*` and of `beta`. The total shear stress is
    linear in `y` up to this residual.

    ```python
    channel = Channel(550.0)
    flow = channel.solve(channel.model.linear)
    plt.semilogx(550.0 * flow.y, flow.velocity)
    ```

    Args:
        friction_reynolds: `Re_tau = u_tau h / nu`.
        num_cells: Cells between the wall and the centreline.
        model: Equations of the turbulence scales.
        solver: `Newton`, with the tolerance of the residual.
    """

    friction_reynolds: float
    num_cells: int = 160
    model: KOmega = dataclasses.field(default_factory=KOmega)
    solver: Newton = dataclasses.field(default_factory=Newton)

    def __post_init__(self):
        check_size(self.friction_reynolds, self.num_cells, 12)

    @functools.cached_property
    def elements(self) -> LinearElements:
        """Cells that grow from the wall; with 160 cells `y+ <= 1/3` at the first node."""
        ratio = 1.0 + self.friction_reynolds / 8.0
        return LinearElements(stretched(self.num_cells, ratio), num_points=1)

    def solve(self, closure: Callable, start: ChannelFlow | None = None) -> ChannelFlow:
        """Solves for the flow with a closure.

        Args:
            closure: Function of features (see `KOmega.features`) to anisotropies `(n, 3, 3)`; `n`
                is the number of cells, or a multiple of it when derivatives are computed.
            start: Initial flow with the same number of cells. If `None`, the flow of the model's
                linear closure. That one is solved from `plug_flow`, from which the iteration often
                fails with other closures.

        Raises:
            NotConvergedError: If the residual does not fall below the tolerance.
            ValueError: If the output of the closure has another shape, or is not finite at the
                start, or if `start` is no channel flow with the same number of cells.
        """
        if start is None:
            start = self._solve(self.model.linear, self.plug_flow())
        check_flow(start, ChannelFlow, self.num_cells)
        return self._solve(closure, start.fields())

    def _solve(self, closure, fields):
        integrand = functools.partial(self._integrand, closure)
        system = self.galerkin_system(integrand, self._field(1.0, 0.2))
        u = fields[:, 1:].ravel()
        _, precision = evaluate_closure(closure, self.features(system.at_points(u)))
        u, residuals = self.solver(system, u, precision)
        velocity, q, g = (np.append(0.0, part) for part in system.parts(u))
        return ChannelFlow(self.elements.nodes[:, 0], velocity, q**2, g**2, residuals)

    def stresses(self, flow: ChannelFlow, closure: Callable) -> np.ndarray:
        """`<u_i u_j>` of a flow at the cell centres `elements.points`, `(num_cells, 3, 3)`."""
        points = self.at_points(flow)
        b, _ = evaluate_closure(closure, self.features(points))
        return 2.0 * points[1, 0, :, None, None] ** 2 * (b + np.eye(3) / 3.0)

    def plug_flow(self) -> np.ndarray:
        """A crude initial guess, `(3, num_nodes)`: uniform except near the wall."""
        y, reynolds = self.elements.nodes[:, 0], self.friction_reynolds
        near = np.minimum(1.0, reynolds * y / 15.0)
        slope = np.sqrt(self.model.beta * reynolds / 6.0)
        return np.stack([15.0 * near, near, np.minimum(slope * y, 0.3)])

    def galerkin_system(self, integrand: Callable, *leading: DiscreteField) -> GalerkinSystem:
        """The system of the fields `leading`, `sqrt(k)` and `sqrt(1 / omega)`."""
        energy = self._field(self.model.beta_star, 0.01, squared=True)
        time_scale = self._field(self.model.beta, 0.003, squared=True)
        return GalerkinSystem(self.elements, integrand, [*leading, energy, time_scale])

    def _field(self, *settings, **options):
        return DiscreteField.at_nodes(self.elements, slice(1, None), *settings, **options)

    def features(self, points: np.ndarray) -> dict[str, np.ndarray]:
        """Inputs of a closure from values and derivatives of the fields, `(3, 2, n)`."""
        (_, velocity_gradient), (q, _), (g, _) = points
        gradient = np.zeros((len(velocity_gradient), 3, 3))
        gradient[:, 0, 1] = velocity_gradient
        y = np.resize(self.elements.points[:, 0], len(velocity_gradient))
        return self.model.features(gradient, q, g, y, 1.0 / self.friction_reynolds)

    def at_points(self, flow: ChannelFlow) -> np.ndarray:
        """Fields of a flow and their derivatives at the cell centres, `(3, 2, num_points)`."""
        check_flow(flow, ChannelFlow, self.num_cells)
        return np.stack([(self.elements.gather @ f).reshape(2, -1) for f in flow.fields()])

    def _integrand(self, closure, points):
        (_, velocity_gradient), q, g = points
        viscosity = 1.0 / self.friction_reynolds
        b, _ = evaluate_closure(closure, self.features(points))
        stress = viscosity * velocity_gradient - 2.0 * q[0] ** 2 * b[:, 0, 1]
        momentum = np.stack([np.ones_like(velocity_gradient), -stress])
        rate = -2.0 * b[:, 0, 1] * velocity_gradient
        return np.stack([momentum, *self.model.equations(q, g, rate, viscosity)])
