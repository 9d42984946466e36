"""The way to a grid of half the resolution."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_solvers.incompressible_flow")
class Restriction(keras.layers.Layer):
    """Right-hand side of a Poisson equation on cells of twice the length: `4 x` the mean.

    Sources add up; in lengths of the coarse cells the operator `-div grad` is then the same on all
    grids, in two dimensions and in three, and so may be the weights of a network. What is missing
    beside a last odd cell is zero.

    Shapes:
        `(batch, *cells, channels)` to `(batch, *ceil(cells / 2), channels)`.
    """

    def call(self, x):
        # The added zero makes odd numbers even; an even one has no use for it, and it is left out.
        ends = ((0, 1),) * (len(x.shape) - 2)
        padded = ops.pad(ops.cast(x, "float32"), ((0, 0), *ends, (0, 0)))
        # Not in half precision: TensorFlow has no such pooling of three axes on a CPU.
        return ops.cast(4.0 * ops.average_pool(padded, 2, 2), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        batch, *cells, channels = input_shape
        return (batch, *(None if n is None else -(-n // 2) for n in cells), channels)
