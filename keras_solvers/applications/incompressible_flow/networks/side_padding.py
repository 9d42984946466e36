"""Cells beyond the sides of the domain."""

import keras
from keras import ops

from keras_solvers.numerics.staggered import OPEN, PERIODIC, full_sides, with_neighbours


@keras.saving.register_keras_serializable(package="keras_solvers.incompressible_flow")
class SidePadding(keras.layers.Layer):
    """One cell more at both ends of each axis, so that a convolution sees what the sides are.

    Zero behind a closed side, as in solids; the cells of the opposite end on a periodic axis.

    Args:
        sides: Sides of the domain, as in `PressureProjection`.
        open_value: What is behind an open side.

    Shapes:
        `(batch, *cells, channels)` to `(batch, *(cells + 2), channels)`.
    """

    def __init__(self, sides="closed", open_value=0.0, **kwargs):
        super().__init__(**kwargs)
        self.sides = sides
        self.open_value = open_value

    def call(self, x):
        rank = len(x.shape)
        for axis, (low, high) in enumerate(full_sides(self.sides, rank - 2)):
            if low == PERIODIC:
                x = with_neighbours(x, axis, periodic=True)
                continue
            # Not `pad`: on some processors TensorFlow joins the last of several with a convolution
            # in 3D that follows, and loses its cells.
            edge = x[(slice(None),) * (axis + 1) + (slice(0, 1),)]
            before, after = (
                ops.full_like(edge, self.open_value if side == OPEN else 0.0)
                for side in (low, high)
            )
            x = ops.concatenate([before, x, after], axis=axis + 1)
        return x

    def compute_output_shape(self, input_shape):
        batch, *cells, channels = input_shape
        return (batch, *(None if n is None else n + 2 for n in cells), channels)

    def get_config(self):
        config = {"sides": self.sides, "open_value": self.open_value}
        return {**super().get_config(), **config}
