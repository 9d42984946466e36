"""Tensors of any size brought into the unit ball."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_solvers.networks")
class BoundedNorm(keras.layers.Layer):
    """`x / sqrt(size^2 + |x|^2)`, with the norm over all axes but the first.

    Outliers are bounded smoothly and nothing turns: clipping components would depend on the axes.

    Args:
        size: Norm from which on an input counts as large.
    """

    def __init__(self, size=1.0, **kwargs):
        super().__init__(**kwargs)
        if not size > 0.0:
            raise ValueError(f"`size` must be positive. Received: size={size}")
        self.size = size

    def call(self, x):
        axes = tuple(range(1, len(x.shape)))
        # Divided first: the square of an outlier may be beyond the largest number.
        x = x / self.size
        largest = ops.maximum(ops.max(ops.absolute(x), axes, keepdims=True), 1.0)
        x = x / largest
        return x / ops.sqrt(1.0 / largest**2 + ops.sum(ops.square(x), axes, keepdims=True))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "size": self.size}
