"""Pressure projection: the pressure that makes a velocity field free of divergence."""

import dataclasses

import keras
import numpy as np
from keras import ops

from keras_solvers.applications.incompressible_flow.compatibility import check_compatible
from keras_solvers.applications.incompressible_flow.random_flows import (
    random_obstacles,
    random_velocity,
)
from keras_solvers.numerics.staggered import (
    PERIODIC,
    PoissonOperator,
    divergence,
    face_weights,
    full_sides,
    gradient,
    take,
)
from keras_solvers.problem import RootProblem


@keras.saving.register_keras_serializable(package="keras_solvers.incompressible_flow")
@dataclasses.dataclass(frozen=True)
class PressureProjection(RootProblem):
    """The pressure `p` with `div(u* - grad p) = 0` in the fluid, for any shape of solids.

    On a staggered grid, lengths in cells; time step and density are absorbed in the pressure. The
    normal velocity on walls and solids is given, so nothing there depends on the pressure. Where
    a connected part of the fluid touches no open side, its pressure has a free constant, and an
    answer exists only if the divergence of that part adds up to zero: what flows in flows out.

    Args:
        cells: Number of cells along each axis, two or three of them.
        sides: `"closed"`, `"open"` or `"periodic"` for all sides, or a pair `(low, high)` of them
            for each axis.
        max_obstacles: Most obstacles in the flows that `sample` draws, at least 0.

    Shapes:
        x: `(batch, *cells, 2)`: the divergence of `u*`, and 1 in fluid, 0 in solids.
        y: `(batch, *cells, 1)`, the pressure; of no meaning in solids.

    Raises:
        ValueError: If a number of cells is below 2, or `sides` is not understood.

    Reference: Chorin, Numerical solution of the Navier-Stokes equations, 1968; the objective:
    Tompson et al., Accelerating Eulerian fluid simulation with convolutional networks, 2017,
    section 3.
    """

    cells: tuple = (64, 64)
    sides: str | tuple = "closed"
    max_obstacles: int = 4

    def __post_init__(self):
        cells = tuple(map(int, self.cells))
        if len(cells) not in (2, 3) or min(cells) < 2:
            raise ValueError(
                f"`cells` must be two or three numbers of at least 2. Received: cells={self.cells}"
            )
        if self.max_obstacles < 0:
            raise ValueError(f"`max_obstacles` must be at least 0. Received: {self.max_obstacles}")
        object.__setattr__(self, "cells", cells)
        object.__setattr__(self, "sides", full_sides(self.sides, len(cells)))

    def sample(self, num_samples, seed):
        """Random smooth velocities around random obstacles; divergence of root mean square 1."""
        generator = keras.random.SeedGenerator(seed) if isinstance(seed, int) else seed
        fluid = random_obstacles(num_samples, self.cells, self.max_obstacles, generator)
        velocity = random_velocity(num_samples, self.cells, generator)
        return self.inputs(velocity, fluid, normalized=True)

    def inputs(self, velocity, fluid, normalized=False):
        """`x` of a velocity whose normal components on walls and solids are set to zero.

        Args:
            velocity: Tuple by axis, `(batch, *cells)` with one entry more along the axis.
            fluid: `(batch, *cells)`, 1 in fluid, 0 in solids.
            normalized: Whether to scale the divergence to a root mean square of 1 in the fluid.
        """
        weights = face_weights(fluid, self.sides)
        moving = [u * ops.cast(w > 0.0, u.dtype) for u, w in zip(velocity, weights, strict=True)]
        outflow = divergence(_wrapped(moving, self.sides))
        if normalized:
            axes = tuple(range(1, len(outflow.shape)))
            count = ops.maximum(ops.sum(fluid, axes, keepdims=True), 1.0)
            mean_square = ops.sum(ops.square(outflow), axes, keepdims=True) / count
            outflow = outflow / ops.sqrt(ops.maximum(mean_square, 1e-12))
        return ops.stack([outflow, fluid], axis=-1)

    def operator(self, fluid):
        """`A = -div grad` for the fluid cells `(batch, *cells)`, a `PoissonOperator`."""
        return PoissonOperator(face_weights(fluid, self.sides), self.sides)

    def residual(self, x, y):
        """Divergence after the projection, `(batch, *cells)`, zero in solids."""
        x, y = ops.convert_to_tensor(x), ops.convert_to_tensor(y)
        fluid = x[..., 1]
        return fluid * x[..., 0] + self.operator(fluid)(y[..., 0])

    def project(self, velocity, fluid, pressure):
        """`u* - grad p`: velocity, a tuple by axis, after the pressure `(batch, *cells, 1)`."""
        slopes = gradient(pressure[..., 0], face_weights(fluid, self.sides), self.sides)
        return tuple(u - slope for u, slope in zip(velocity, slopes, strict=True))

    def objective(self, x, y):
        """`1/2 sum(w r^2)`, `(batch,)`: squared divergence, weighted by `max(1, 4 - d)`.

        `d` is the distance in cells to the nearest solid (largest coordinate difference): errors
        beside solids are what one sees.
        """
        x = ops.convert_to_tensor(x)
        solid = 1.0 - x[..., 1:]
        weight = 1.0 + sum(
            ops.max_pool(solid, 2 * reach + 1, strides=1, padding="same") for reach in (1, 2)
        )
        squares = weight[..., 0] * ops.square(self.residual(x, y))
        return 0.5 * ops.sum(squares, axis=tuple(range(1, len(squares.shape))))

    def relative_residual(self, x, y):
        """Certificate of an answer: norm of the residual over that of the divergence, `(batch,)`.

        Zero where there is no divergence and none is made.
        """
        x = ops.convert_to_tensor(x)
        before = _norm(x[..., 0] * x[..., 1])
        after = _norm(self.residual(x, y))
        return after / ops.where(before > 0.0, before, ops.ones_like(before))

    def check(self, x, tolerance=1e-3):
        """Checks that an answer exists.

        Args:
            x: `(batch, *cells, 2)`.
            tolerance: Largest net outflow of a part, relative to the sum of its absolute values.

        Raises:
            ValueError: If `x` has a wrong shape, is not finite, has a fluid mask other than 0 and
                1, or is incompatible: a part of the fluid without an open side has a net outflow.
        """
        x = np.asarray(x)
        if x.ndim < 3 or x.shape[1:] != (*self.cells, 2) or len(x) == 0:
            raise ValueError(
                f"`x` must have the shape (batch, {', '.join(map(str, self.cells))}, 2): "
                f"divergence and fluid. Received: shape {x.shape}"
            )
        if not np.isfinite(x).all() or not np.isin(x[..., 1], (0, 1)).all():
            raise ValueError("`x` must be finite, and its fluid mask 0 or 1. Received: others")
        for number, (outflow, fluid) in enumerate(zip(x[..., 0], x[..., 1], strict=True)):
            check_compatible(number, outflow.astype("float64"), fluid, self.sides, tolerance)


def _wrapped(velocity, sides):
    """On a periodic axis the first and the last face are the same one."""
    result = []
    for axis, (component, (low, _)) in enumerate(zip(velocity, sides, strict=True)):
        if low == PERIODIC:
            ends = take(component, axis, 0, -1), take(component, axis, 0, 1)
            component = ops.concatenate(ends, axis=axis + 1)
        result.append(component)
    return tuple(result)


def _norm(array):
    return ops.sqrt(ops.sum(ops.square(array), axis=tuple(range(1, len(array.shape)))))
