"""The way back from a coarser grid."""

import keras
from keras import ops

from keras_solvers.numerics.staggered import take


@keras.saving.register_keras_serializable(package="keras_solvers.incompressible_flow")
class Prolongation(keras.layers.Layer):
    """The value of each coarse cell in all of its cells.

    Args:
        factor: Cells along each axis of a coarse cell, at least 1.

    Shapes:
        coarse: `(batch, *ceil(cells / factor), channels)`.
        fine: `(batch, *cells, ...)`, which says how many cells there are; `factor` times those of
            the coarse grid if left out.
        returns: `(batch, *cells, channels)`.
    """

    def __init__(self, factor=2, **kwargs):
        super().__init__(**kwargs)
        if factor < 1:
            raise ValueError(f"`factor` must be at least 1. Received: factor={factor}")
        self.factor = factor

    def call(self, coarse, fine=None):
        for axis in range(len(coarse.shape) - 2):
            coarse = ops.repeat(coarse, self.factor, axis=axis + 1)
            if fine is not None:
                coarse = take(coarse, axis, 0, ops.shape(fine)[axis + 1])
        return coarse

    def compute_output_shape(self, coarse_shape, fine_shape=None):
        batch, *cells, channels = coarse_shape
        if fine_shape is not None:
            return (batch, *fine_shape[1:-1], channels)
        return (batch, *(None if n is None else self.factor * n for n in cells), channels)

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}
