"""Stream functions that hold no slip on walls by construction."""

import dataclasses
import functools
import itertools
import math

import keras
import numpy as np
from keras import ops

NOTHING = 1e-9  # square of a distance that counts as none, in the units of the walls


@keras.saving.register_keras_serializable(package="keras_solvers.pde_benchmarks")
@dataclasses.dataclass(frozen=True)
class Wall:
    """A wall or an inlet in the plane, and the stream function on it.

    Args:
        corners: Corners of a chain of straight parts, each of two coordinates; one for a disc.
        value: The stream function there: a number, or coefficients of a polynomial in the
            distance from the first corner, lowest power first, on an inlet of one straight part.
            `None`: a constant that the flow determines, of an island.
        radius: Fluid begins at this distance of the corners: of a disc, or of a rounded wall.

    Raises:
        ValueError: If a polynomial is given on something else than a straight inlet.
    """

    corners: tuple
    value: float | tuple | None = 0.0
    radius: float = 0.0

    def __post_init__(self):
        if np.ndim(self.corners) != 2 or np.shape(self.corners)[1] != 2:
            raise ValueError(
                "`corners` are pairs of coordinates, such as ((0, 0), (1, 0)). "
                f"Received: corners={self.corners}"
            )
        if np.ndim(self.value) == 1 and len(self.corners) != 2:
            raise ValueError(
                "A polynomial is the stream function of an inlet with two corners. Received: "
                f"value={self.value}, corners={self.corners}"
            )

        # Lists come back from a file: walls are compared.
        object.__setattr__(self, "corners", tuple(map(tuple, self.corners)))
        if np.ndim(self.value) == 1:
            object.__setattr__(self, "value", tuple(self.value))

    def get_config(self):
        return dataclasses.asdict(self)

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def parts(self):
        """`(start, end)` of each straight part; of a disc its centre, twice."""
        return list(itertools.pairwise(self.corners)) or [2 * self.corners]

    def nearness(self, x):
        """Sum over the parts of one over the squared distance, `(num_points,)`."""
        total = 0.0
        for start, end in self.parts():
            offset = x - ops.convert_to_tensor(start, x.dtype)
            if start != end:
                along = ops.convert_to_tensor(np.subtract(end, start), x.dtype)
                offset = offset - _share(x, start, end)[:, None] * along
            square = ops.sum(ops.square(offset), axis=1)
            if self.radius:  # the square root has no derivative at a wall without one
                square = ops.square(ops.sqrt(square) - self.radius)
            total = total + 1.0 / (square + NOTHING)
        return total

    def values(self, x):
        """The stream function continued from the wall, `(num_points,)`; zero if unknown."""
        if np.ndim(self.value) == 0:
            return (self.value or 0.0) * ops.ones_like(x[:, 0])
        distance = math.dist(*self.corners) * _share(x, *self.corners)
        # Horner's rule: powers have no derivative at zero.
        return functools.reduce(lambda value, c: value * distance + c, reversed(self.value))


def _share(x, start, end):
    """How far along a part the point of it next to `x` is, from 0 to 1."""
    along = np.subtract(end, start).astype(float)
    offset = x - ops.convert_to_tensor(start, x.dtype)
    return ops.clip(
        ops.matmul(offset, ops.convert_to_tensor(along / (along @ along), x.dtype)), 0.0, 1.0
    )


@keras.saving.register_keras_serializable(package="keras_solvers.pde_benchmarks")
class WallStreamFunction(keras.layers.Layer):
    """A stream function whose velocity on walls is what walls have, whatever the network says.

    `psi = (sum_w q_w g_w + n / l^2) / (sum_w q_w + 1 / l^2)` with `q_w = 1 / d_w^2`, the distance
    `d_w` to a wall and the stream function `g_w` on it. Next to a wall it is `g_w + O(d_w^2)`: the
    derivatives along it and across are those of `g_w`.

    Args:
        walls: The `Wall`s, inlets among them. Where there is none, fluid may leave.
        thickness: `l`, the distance from walls at which the network is heard.

    Shapes:
        `[x, n]`, `(batch, 2)` and `(batch, 1)`, to `(batch, 1)`.

    Reference: Sukumar and Srivastava, Exact imposition of boundary conditions with distance
    functions in physics-informed deep neural networks, 2022, section 5.1.
    """

    def __init__(self, walls, thickness=0.1, **kwargs):
        super().__init__(**kwargs)
        self.walls = [
            keras.saving.deserialize_keras_object(wall) if isinstance(wall, dict) else wall
            for wall in walls
        ]
        self.thickness = thickness

    def build(self, input_shape):
        number = sum(wall.value is None for wall in self.walls)
        self.constants = self.add_weight((number,), "zeros", name="constants")

    def parts(self, x):
        """`(num_points, 2 + unknown)`: `psi` is linear in `n` and the unknown constants.

        The columns are what `n` is multiplied by, what is left without it, and what each constant
        is multiplied by.
        """
        nearness = [wall.nearness(x) for wall in self.walls]
        factor = 1.0 / (1.0 + self.thickness**2 * sum(nearness))
        share = [self.thickness**2 * q * factor for q in nearness]
        known = sum(s * wall.values(x) for s, wall in zip(share, self.walls, strict=True))
        unknown = [s for s, wall in zip(share, self.walls, strict=True) if wall.value is None]
        return ops.stack([factor, known, *unknown], axis=1)

    def call(self, inputs):
        x, n = inputs
        # Squares of small distances are nothing in half precision.
        parts = ops.cast(self.parts(ops.cast(x, self.variable_dtype)), n.dtype)
        psi = parts[:, :1] * n + parts[:, 1:2]
        return psi + ops.matmul(parts[:, 2:], self.constants[:, None])

    def compute_output_shape(self, input_shape):
        return input_shape[1]

    def get_config(self):
        walls = [keras.saving.serialize_keras_object(wall) for wall in self.walls]
        return {**super().get_config(), "walls": walls, "thickness": self.thickness}
