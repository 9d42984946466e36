"""Solids that move through the fluid."""

import dataclasses
from collections.abc import Callable

from keras import ops

from keras_solvers.applications.incompressible_flow.simulate.domain import Domain
from keras_solvers.numerics.staggered import PERIODIC, face_weights


@dataclasses.dataclass(frozen=True)
class MovingSolid:
    """Where the solids are, and how fast they move, from the time at the end of the step.

    Args:
        domain: The `Domain`.
        inside: Callable `(positions, time)` to a condition, true in solids. Positions are a list
            by axis of lengths from the low corner, `(1, *cells)`; the time is `(batch, 1, ...)`.
        velocity: Callable of the same to the velocity of the solid there, a tuple by axis of
            numbers or arrays. In a closed box its flow through the surface must add up to zero,
            as that of rigid motions does.
    """

    domain: Domain
    inside: Callable
    velocity: Callable

    def __call__(self, state):
        time = ops.reshape(state["time"], (-1,) + (1,) * self.domain.num_axes)
        time = time + self.domain.time_step
        solid = self.inside(self._lengths(None), time)
        fluid = ops.where(solid, ops.zeros_like(state["fluid"]), ops.ones_like(state["fluid"]))
        walls = self.domain.at_rest()["solid_velocity"]
        sides = self.domain.problem.sides
        weights = face_weights(fluid, tuple(_without_walls(pair) for pair in sides))
        velocity = []
        for axis, (wall, weight) in enumerate(zip(walls, weights, strict=True)):
            own = self.velocity(self._lengths(axis), time)[axis]
            velocity.append(ops.where(weight > 0.0, ops.convert_to_tensor(wall), own + 0.0 * wall))
        return {
            **state,
            "fluid": fluid,
            "smoke": state["smoke"] * fluid,
            "solid_velocity": tuple(velocity),
        }

    def _lengths(self, axis):
        return [self.domain.cell_size * p for p in self.domain.positions(axis)]


def _without_walls(pair):
    """With open sides in place of walls, only the faces of solids have no weight."""
    return pair if pair[0] == PERIODIC else ("open", "open")
