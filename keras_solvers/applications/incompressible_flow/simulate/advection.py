"""Advection: velocity and smoke are carried along by the flow."""

import dataclasses

from keras import ops

from keras_solvers.applications.incompressible_flow.simulate.domain import Domain
from keras_solvers.applications.incompressible_flow.simulate.interpolation import (
    interpolate,
    stencil,
)
from keras_solvers.numerics.staggered import PERIODIC, take


@dataclasses.dataclass(frozen=True)
class SemiLagrangian:
    """Each point takes the value from where its fluid was a time step before.

    The way back is traced by the midpoint rule. Stable for any time step, never exceeds the values
    before; first order, so it damps what is only a few cells large.

    Reference: Stam, Stable fluids, 1999.
    """

    domain: Domain

    def __call__(self, state):
        others = {name: array for name, array in state.items() if name != "carrier"}
        carrier = state.get("carrier", state["velocity"])
        carried = (self._carried(u, carrier, axis) for axis, u in enumerate(state["velocity"]))
        smoke = state["fluid"] * self._carried(state["smoke"], carrier, None)
        return {**others, "velocity": tuple(carried), "smoke": smoke}

    def _carried(self, field, velocity, axis):
        return self._taken(field, self._departure(velocity, axis, 1.0), axis)

    def _departure(self, velocity, axis, direction):
        """Where the fluid on the faces of `axis`, or in the cells, was; positions in cells."""
        here = self.domain.positions(axis)
        step = direction * self.domain.time_step / self.domain.cell_size
        middle = _moved(here, self._velocity_at(velocity, here), -0.5 * step)
        return _moved(here, self._velocity_at(velocity, middle), -step)

    def _velocity_at(self, velocity, positions):
        return [self._taken(u, positions, axis) for axis, u in enumerate(velocity)]

    def _taken(self, field, positions, axis):
        return interpolate(*self._on_grid(field, positions, axis))

    def _on_grid(self, field, positions, axis):
        """Arguments of `stencil` for a field in the cells or on the faces of `axis`."""
        periodic = [low == PERIODIC for low, _ in self.domain.problem.sides]
        points = [p if i == axis else p - 0.5 for i, p in enumerate(positions)]
        if axis is not None and periodic[axis]:
            field = take(field, axis, 0, -1)  # the last face is the first one
        return field, points, periodic


@dataclasses.dataclass(frozen=True)
class MacCormack(SemiLagrangian):
    """Semi-Lagrangian there and back; half of what does not come back is corrected.

    Second order where the flow is smooth. The result is limited to the values around the point of
    departure, so that no new extremes arise.

    Args:
        limited: Whether to limit it; unlimited it may oscillate at steep fronts.

    Reference: Selle et al., An unconditionally stable MacCormack method, 2008.
    """

    limited: bool = True

    def _carried(self, field, velocity, axis):
        around = stencil(*self._on_grid(field, self._departure(velocity, axis, 1.0), axis))
        there = sum(weight * value for weight, value in around)
        back = self._taken(there, self._departure(velocity, axis, -1.0), axis)
        corrected = there + 0.5 * (field - back)
        if not self.limited:
            return corrected
        values = [value for _, value in around]
        lowest, highest = values[0], values[0]
        for value in values[1:]:
            lowest, highest = ops.minimum(lowest, value), ops.maximum(highest, value)
        return ops.clip(corrected, lowest, highest)


def _moved(positions, velocity, time):
    return [p + time * u for p, u in zip(positions, velocity, strict=True)]
