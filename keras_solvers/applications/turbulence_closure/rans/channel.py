"""The developed turbulent flow between two walls, with any closure."""

import dataclasses
import functools

import numpy as np

from keras_solvers.applications.turbulence_closure.rans.balance import Balance, Field
from keras_solvers.applications.turbulence_closure.rans.developed import (
    ChannelFlow,
    check_flow,
    check_size,
)
from keras_solvers.applications.turbulence_closure.rans.k_omega import KOmega, anisotropy
from keras_solvers.numerics.elements import LinearElements, stretched
from keras_solvers.numerics.newton import Newton


@dataclasses.dataclass(frozen=True)
class Channel:
    """Pressure-driven flow between parallel walls, far from its entrance.

    `0 = 1 + d/dy (nu dU/dy - <u v>)` with `nu = 1 / Re_tau` and `<u v> = 2 k b_12`, where `k` and
    `epsilon` are those of a two-equation model and `b` is the answer of a closure. All equations
    are solved together, by Newton's method on linear elements of second order; the shear stress is
    linear in `y` up to the residual: the largest, over the three equations, of the integral of what
    is left of all terms, in units of the pressure's force, of `beta*` and of `beta`.

    ```python
    channel = Channel(550.0)
    flow = channel.solve(channel.model.linear)
    plt.semilogx(550.0 * flow.y, flow.velocity)
    ```

    Args:
        friction_reynolds: `Re_tau = u_tau h / nu`.
        num_cells: Cells between the wall and the middle.
        model: Equations of the scales of turbulence.
        solver: `Newton`, with the tolerance of the residual.
    """

    friction_reynolds: float
    num_cells: int = 160
    model: KOmega = dataclasses.field(default_factory=KOmega)
    solver: Newton = dataclasses.field(default_factory=Newton)

    def __post_init__(self):
        check_size(self.friction_reynolds, self.num_cells, 12)

    @functools.cached_property
    def elements(self):
        """Cells that grow from the wall; of 160 the first is a third of `nu / u_tau`, or less."""
        ratio = 1.0 + self.friction_reynolds / 8.0
        return LinearElements(stretched(self.num_cells, ratio), num_points=1)

    def solve(self, closure, start=None):
        """The flow with a closure.

        Args:
            closure: Function of features (see `KOmega.features`) to anisotropies `(n, 3, 3)`; `n`
                is the number of cells, or a multiple of it when slopes are asked for.
            start: A `ChannelFlow` on as many cells. If `None`, that of the model's linear closure,
                which is solved from a plug of fluid, as other closures often cannot be.

        Raises:
            NotConvergedError: If no flow is found whose residual is below the tolerance.
            ValueError: If the closure's answer has another shape, or is not finite at the start, or
                `start` is no flow on as many cells.
        """
        if start is None:
            start = self._solve(self.model.linear, self.plug())
        check_flow(start, ChannelFlow, self.num_cells)
        return self._solve(closure, start.fields())

    def _solve(self, closure, fields):
        balance = self.balance(functools.partial(self._local, closure), self._field(1.0, 0.2))
        u = fields[:, 1:].ravel()
        _, precision = anisotropy(closure, self.features(balance.at_points(u)))
        u, residuals = self.solver(balance, u, precision)
        velocity, q, g = (np.append(0.0, part) for part in balance.parts(u))
        return ChannelFlow(self.elements.nodes[:, 0], velocity, q**2, g**2, residuals)

    def stresses(self, flow, closure):
        """`(num_cells, 3, 3)`: `<u_i u_j>` of a flow, at the middles `elements.points`."""
        points = self.at_points(flow)
        b, _ = anisotropy(closure, self.features(points))
        return 2.0 * points[1, 0, :, None, None] ** 2 * (b + np.eye(3) / 3.0)

    def plug(self):
        """A rough start, `(3, num_nodes)`: uniform but for what a wall takes."""
        y, reynolds = self.elements.nodes[:, 0], self.friction_reynolds
        near = np.minimum(1.0, reynolds * y / 15.0)
        slope = np.sqrt(self.model.beta * reynolds / 6.0)
        return np.stack([15.0 * near, near, np.minimum(slope * y, 0.3)])

    def balance(self, local, *before):
        """The `Balance` of `sqrt(k)`, `sqrt(1 / omega)` and of fields before them."""
        energy = self._field(self.model.beta_star, 0.01, squared=True)
        time = self._field(self.model.beta, 0.003, squared=True)
        return Balance(self.elements, local, [*before, energy, time])

    def _field(self, *settings, **options):
        return Field.at_nodes(self.elements, slice(1, None), *settings, **options)

    def features(self, points):
        """Features of a closure from `(3, 2, n)`, values and derivatives of the fields."""
        (_, slope), (q, _), (g, _) = points
        gradient = np.zeros((len(slope), 3, 3))
        gradient[:, 0, 1] = slope
        y = np.resize(self.elements.points[:, 0], len(slope))
        return self.model.features(gradient, q, g, y, 1.0 / self.friction_reynolds)

    def at_points(self, flow):
        """`(3, 2, num_points)`: the solved fields of a flow and their derivatives, in the cells."""
        check_flow(flow, ChannelFlow, self.num_cells)
        return np.stack([(self.elements.gather @ f).reshape(2, -1) for f in flow.fields()])

    def _local(self, closure, points):
        (_, slope), q, g = points
        viscosity = 1.0 / self.friction_reynolds
        b, _ = anisotropy(closure, self.features(points))
        stress = viscosity * slope - 2.0 * q[0] ** 2 * b[:, 0, 1]
        momentum = np.stack([np.ones_like(slope), -stress])
        rate = -2.0 * b[:, 0, 1] * slope
        return np.stack([momentum, *self.model.equations(q, g, rate, viscosity)])
