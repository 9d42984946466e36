"""Walls and inlets in the plane, and the stream function on them."""

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
