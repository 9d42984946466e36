"""Waves of random direction and length as features of coordinates."""

import math

import keras
from keras import ops

from keras_solvers.pinn.fields.functions import apply
from keras_solvers.pinn.fields.linear import Concatenated, matrix_product


@keras.saving.register_keras_serializable(package="keras_solvers.pinn")
class FourierFeatures(keras.layers.Layer):
    """Replaces coordinates by `cos(2 pi B x)` and `sin(2 pi B x)`, so that short waves are learned.

    The rows of `B` are drawn once from a normal distribution of deviation `scale` and never
    trained. What follows then sees the kernel `exp(-2 pi^2 scale^2 |x - y|^2)`: a network learns
    details of the size `1 / scale` as soon as others (Tancik et al., Fourier features let networks
    learn high frequency functions in low dimensional domains, 2020, section 4).

    Args:
        num_waves: Rows of `B`; the output has twice as many columns.
        scale: Deviation of `B`, waves in a unit of the coordinates.
        seed: Seed of `B`.
    """

    def __init__(self, num_waves, scale=1.0, seed=0, **kwargs):
        super().__init__(**kwargs)
        if num_waves < 1 or scale <= 0.0:
            raise ValueError(
                "`num_waves` and `scale` must be positive. "
                f"Received: num_waves={num_waves}, scale={scale}"
            )
        self.num_waves, self.scale, self.seed = num_waves, scale, seed

    def build(self, input_shape):
        self.directions = self.add_weight(
            (input_shape[-1], self.num_waves),
            keras.initializers.RandomNormal(stddev=self.scale, seed=self.seed),
            trainable=False,
            name="directions",
        )

    def call(self, x):
        phase = 2.0 * math.pi * ops.matmul(x, ops.cast(self.directions, x.dtype))
        return ops.concatenate([ops.cos(phase), ops.sin(phase)], axis=-1)

    def field_rule(self, field):
        """The layer of a field, with its derivatives."""
        phase = matrix_product(2.0 * math.pi * self.directions, field)
        return Concatenated(2 * [self.num_waves], [apply(ops.cos, phase), apply(ops.sin, phase)])

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], 2 * self.num_waves)

    def get_config(self):
        own = {"num_waves": self.num_waves, "scale": self.scale, "seed": self.seed}
        return {**super().get_config(), **own}
