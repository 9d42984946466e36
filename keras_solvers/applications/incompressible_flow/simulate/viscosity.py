"""Friction in the fluid, and at walls and solids."""

import dataclasses
import math

from keras import ops

from keras_solvers.applications.incompressible_flow.simulate.domain import Domain
from keras_solvers.applications.incompressible_flow.simulate.forces import extended
from keras_solvers.numerics.staggered import CLOSED, PERIODIC, take


@dataclasses.dataclass(frozen=True)
class Viscosity:
    """`du/dt = viscosity * laplace(u)`, by central differences and explicit substeps.

    Fluid sticks to solids, and to closed sides if the domain has a `wall_velocity`; there a wall
    lies half a cell beside the tangential velocity. As many substeps are made as stability needs.

    Args:
        domain: The `Domain`.
        viscosity: Kinematic viscosity, in units of length squared per time; at least 0.
    """

    domain: Domain
    viscosity: float

    def __post_init__(self):
        if self.viscosity < 0.0:
            raise ValueError(f"`viscosity` must be at least 0. Received: {self.viscosity}")

    @property
    def num_substeps(self):
        """Each substep is at most 0.8 of the longest stable one, `h^2 / (4 d viscosity)`: walls
        at half the distance couple twice as strongly."""
        number = self.viscosity * self.domain.time_step / self.domain.cell_size**2
        return max(1, math.ceil(4.0 * self.domain.num_axes * number / 0.8))

    def __call__(self, state):
        share = self.viscosity * self.domain.time_step / self.domain.cell_size**2
        share = share / self.num_substeps

        def substep(_, velocity):
            rates = self.laplacian(velocity, state)
            velocity = tuple(u + share * rate for u, rate in zip(velocity, rates, strict=True))
            return self.domain.with_solid_faces(velocity, state)

        velocity = self.domain.with_solid_faces(state["velocity"], state)
        # A loop: XLA would fuse unrolled substeps into one that computes neighbours again.
        return {**state, "velocity": ops.fori_loop(0, self.num_substeps, substep, velocity)}

    def laplacian(self, velocity, state):
        """`h^2 laplace(u)` on all faces, a tuple by axis; of no meaning on walls and solids."""
        return tuple(
            sum(self._second_difference(u, own, axis, state) for axis in range(len(velocity)))
            for own, u in enumerate(velocity)
        )

    def _second_difference(self, u, own, axis, state):
        """Along `axis`, of the velocity on the faces of the axis `own`."""
        periodic = self.domain.problem.sides[axis][0] == PERIODIC
        if own == axis:
            if periodic:  # the first and the last face are one
                middle = take(u, axis, 0, -1)
                difference = _around(middle, extended(middle, axis, True), axis)
                return ops.concatenate([difference, take(difference, axis, 0, 1)], axis=axis + 1)
            return _around(u, extended(u, axis, False), axis)
        values = extended(u, axis, periodic)
        inside = extended(self._inside_solid(state["fluid"], own), axis, periodic)
        # Between fluid and the inside of a solid the wall lies half way.
        strengths = 1.0 + ops.maximum(take(inside, axis, 1), take(inside, axis, 0, -1))
        for end, side in enumerate(self.domain.problem.sides[axis]):
            if side == CLOSED and self.domain.wall_velocity is not None:
                values = _with_end(values, axis, end, self.domain.wall_velocity[axis][end][own])
                strengths = _with_end(strengths, axis, end, 2.0)
        return _around(u, values, axis, strengths)

    def force_on_solids(self, state):
        """Friction on all solids, a list by axis of `(batch,)`, for a density of 1.

        What the solid faces would gain if they were free: the differences are symmetric, so it is
        what the fluid loses there.
        """
        scale = self.viscosity * self.domain.cell_size ** (self.domain.num_axes - 2)
        forces = []
        for axis, gain in enumerate(self.laplacian(state["velocity"], state)):
            low, high = _both_cells(state["fluid"], axis, self.domain.problem.sides)
            gain = ops.where(low * high > 0.0, ops.zeros_like(gain), gain)
            if self.domain.problem.sides[axis][0] == PERIODIC:
                gain = take(gain, axis, 0, -1)  # the last face is the first one
            forces.append(scale * ops.sum(gain, axis=tuple(range(1, gain.ndim))))
        return forces

    def _inside_solid(self, fluid, axis):
        """1 on faces between two solid cells."""
        low, high = _both_cells(fluid, axis, self.domain.problem.sides)
        return (1.0 - low) * (1.0 - high)


def _both_cells(fluid, axis, sides):
    """The fluid mask of the cells on the low and the high side of each face."""
    padded = extended(fluid, axis, sides[axis][0] == PERIODIC)
    return take(padded, axis, 0, -1), take(padded, axis, 1)


def _around(middle, extended_values, axis, strengths=None):
    """Sum of the differences to both neighbours."""
    rise = take(extended_values, axis, 1) - take(extended_values, axis, 0, -1)
    rise = rise if strengths is None else strengths * rise
    return take(rise, axis, 1) - take(rise, axis, 0, -1)


def _with_end(array, axis, end, value):
    ends = [take(array, axis, 0, 1), take(array, axis, -1)]
    ends[end] = ops.full_like(ends[end], value)
    return ops.concatenate([ends[0], take(array, axis, 1, -1), ends[1]], axis=axis + 1)
