"""The projection: any solver of the pressure makes the velocity free of divergence."""

import dataclasses
from collections.abc import Callable

from keras import ops

from keras_solvers.applications.incompressible_flow.simulate.domain import Domain
from keras_solvers.numerics.staggered import divergence


@dataclasses.dataclass(frozen=True)
class Projection:
    """Subtracts the gradient of the pressure that the solver answers.

    Args:
        domain: The `Domain`.
        solver: Any solver `p = solver(x)` of `domain.problem`, classic or neural.
        shows_previous: Whether `x` has the pressure of the last step as a third channel, for
            solvers that start from it: see `previous_pressure`.
    """

    domain: Domain
    solver: Callable
    shows_previous: bool = False

    def __call__(self, state):
        state = self.constrained(state)
        return self.corrected(state, self.solver(self.inputs(state)))

    def constrained(self, state):
        """The state with the velocity of walls and solids on their faces."""
        velocity = self.domain.with_solid_faces(state["velocity"], state)
        return {**state, "velocity": velocity}

    def inputs(self, state):
        """`x` of the pressure problem, `(batch, *cells, 2)`, or with a third channel."""
        fluid = state["fluid"]
        channels = [fluid * divergence(state["velocity"]), fluid]
        if self.shows_previous:
            channels.append(state["pressure"] * (self.domain.time_step / self.domain.cell_size))
        return ops.stack(channels, axis=-1)

    def corrected(self, state, pressure):
        """The state after the pressure `(batch, *cells, 1)` in units of velocity times cells."""
        velocity = self.domain.problem.project(state["velocity"], state["fluid"], pressure)
        step = self.domain.cell_size / self.domain.time_step
        return {**state, "velocity": velocity, "pressure": step * pressure[..., 0] * state["fluid"]}


@dataclasses.dataclass(frozen=True)
class Reflection(Projection):
    """The velocity mirrored at the flows without divergence, `u - 2 grad p`.

    Half a time step that ends so, and half a step that ends with a `Projection`, are of second
    order in time and keep the energy that a projection alone takes away. The velocity that is
    carried next is the mirrored one; it is carried along by the projected one, `"carrier"`.

    Reference: Zehnder, Narain and Thomaszewski, An advection-reflection solver for
    detail-preserving fluid simulation, 2018.
    """

    def corrected(self, state, pressure):
        projected = super().corrected(state, pressure)
        velocities = zip(projected["velocity"], state["velocity"], strict=True)
        mirrored = tuple(2.0 * after - before for after, before in velocities)
        return {**projected, "velocity": mirrored, "carrier": projected["velocity"]}
