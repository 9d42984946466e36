"""Forces on the fluid, and where it and its smoke come from."""

import dataclasses

import numpy as np
from keras import ops

from keras_solvers.applications.incompressible_flow.simulate.domain import Domain
from keras_solvers.numerics.staggered import PERIODIC, take


@dataclasses.dataclass(frozen=True)
class Buoyancy:
    """Smoke rises: the acceleration is `strength * smoke` along an axis.

    Args:
        domain: The `Domain`.
        strength: Acceleration where there is smoke of density 1.
        axis: The axis that points upwards.
    """

    domain: Domain
    strength: float
    axis: int = -1

    def __call__(self, state):
        axis = self.axis % self.domain.num_axes
        lift = [None] * self.domain.num_axes
        lift[axis] = self.strength * state["smoke"]
        return accelerated(self.domain, state, lift)


@dataclasses.dataclass(frozen=True)
class VorticityConfinement:
    """Gives eddies back what advection takes from them: acceleration `strength * h N x curl(u)`.

    `N` is the unit vector towards stronger vorticity and `h` the length of a cell, so the force
    vanishes as the grid is refined. Computed from the antisymmetric part of the velocity gradient,
    in two and three dimensions alike: `(N x curl u)_i = sum_j N_j (d_i u_j - d_j u_i)`.

    Reference: Fedkiw, Stam and Jensen, Visual simulation of smoke, 2001, section 3.
    """

    domain: Domain
    strength: float

    def __call__(self, state):
        centred = in_cells(state["velocity"])
        axes = range(self.domain.num_axes)
        slopes = [[self._slope(u, axis) for u in centred] for axis in axes]
        spin = [[slopes[i][j] - slopes[j][i] for j in axes] for i in axes]
        size = ops.sqrt(0.5 * sum(ops.square(s) for row in spin for s in row))
        towards = [self._slope(size, axis) for axis in axes]
        length = ops.sqrt(sum(ops.square(t) for t in towards))
        unit = [t / (length + 1e-6 * (1.0 + size)) for t in towards]
        force = [self.strength * sum(unit[j] * spin[i][j] for j in axes) for i in axes]
        return accelerated(self.domain, state, force)

    def _slope(self, field, axis):
        """Central difference, in units of the field per cell."""
        padded = extended(field, axis, self.domain.problem.sides[axis][0] == PERIODIC)
        return 0.5 * (take(padded, axis, 2) - take(padded, axis, 0, -2))


@dataclasses.dataclass(frozen=True)
class Inflow:
    """Cells where the smoke, and the velocity if given, are set in every step.

    Args:
        domain: The `Domain`.
        region: `cells`, 1 where it acts.
        smoke: Density there.
        velocity: Vector; `None` leaves the velocity alone.
    """

    domain: Domain
    region: np.ndarray
    smoke: float = 1.0
    velocity: tuple | None = None

    def __call__(self, state):
        region = np.asarray(self.region, "float32")[None]
        smoke = state["smoke"] + region * state["fluid"] * (self.smoke - state["smoke"])
        velocity = state["velocity"]
        if self.velocity is not None:
            velocity = tuple(
                u + ops.cast(on_faces(region, axis, False) > 0.0, u.dtype) * (speed - u)
                for axis, (u, speed) in enumerate(zip(velocity, self.velocity, strict=True))
            )
        return {**state, "smoke": smoke, "velocity": velocity}


def accelerated(domain, state, acceleration):
    """The state after a time step of an acceleration in cells: by axis an array, or `None`."""
    velocity = list(state["velocity"])
    for axis, force in enumerate(acceleration):
        if force is not None:
            periodic = domain.problem.sides[axis][0] == PERIODIC
            velocity[axis] = velocity[axis] + domain.time_step * on_faces(force, axis, periodic)
    return {**state, "velocity": tuple(velocity)}


def in_cells(velocity):
    """Velocity in the cell centres: a tuple by axis of `(batch, *cells)`."""
    return tuple(0.5 * (take(u, axis, 1) + take(u, axis, 0, -1)) for axis, u in enumerate(velocity))


def on_faces(field, axis, periodic):
    """Mean of both cells at each face of an axis; at the ends the cell itself, or the other end."""
    padded = extended(field, axis, periodic)
    return 0.5 * (take(padded, axis, 1) + take(padded, axis, 0, -1))


def extended(field, axis, periodic):
    """One entry more at both ends: the last one again, or that of the opposite end."""
    first, last = take(field, axis, 0, 1), take(field, axis, -1)
    ends = (last, first) if periodic else (first, last)
    return ops.concatenate([ends[0], field, ends[1]], axis=axis + 1)
