"""Periodic functions of coordinates."""

import math

import keras
import numpy as np
from keras import ops

from keras_solvers.pinn.fields.functions import apply
from keras_solvers.pinn.fields.linear import Concatenated, matrix_product


@keras.saving.register_keras_serializable(package="keras_solvers.pinn")
class PeriodicEmbedding(keras.layers.Layer):
    """Replaces coordinates by waves, so that what follows is periodic with all its derivatives.

    `x` of period `L` becomes `cos(2 pi k x / L)` and `sin(2 pi k x / L)` for `k = 1, ...,
    num_waves`; other coordinates stay (Dong and Ni, A method for representing periodic functions
    and enforcing exactly periodic boundary conditions with deep neural networks, 2021).

    Args:
        periods: A period, or `None`, for each coordinate.
        num_waves: Number of wave numbers.
    """

    def __init__(self, periods, num_waves=1, **kwargs):
        super().__init__(**kwargs)
        self.periods = tuple(periods)
        self.num_waves = num_waves

    def call(self, x):
        columns = []
        for i, period in enumerate(self.periods):
            if period is None:
                columns.append(x[..., i])
                continue
            for k in range(1, self.num_waves + 1):
                phase = 2.0 * math.pi * k / period * x[..., i]
                columns += [ops.cos(phase), ops.sin(phase)]
        return ops.stack(columns, axis=-1)

    def field_rule(self, field):
        """The layer of a field, with its derivatives."""
        parts, widths = [], []
        for row, period in zip(np.eye(len(self.periods))[:, :, None], self.periods, strict=True):
            if period is None:
                parts.append(matrix_product(row, field))
            else:
                waves = np.repeat(np.arange(1, self.num_waves + 1), 2)
                quarter = np.tile([0.5 * math.pi, 0.0], self.num_waves)  # a cosine, then a sine
                phase = matrix_product(row * (2.0 * math.pi * waves / period), field, quarter)
                parts.append(apply(ops.sin, phase))
            widths.append(1 if period is None else 2 * self.num_waves)
        return Concatenated(widths, parts)

    def compute_output_shape(self, input_shape):
        waves = 2 * self.num_waves
        return (*input_shape[:-1], sum(1 if p is None else waves for p in self.periods))

    def get_config(self):
        return {**super().get_config(), "periods": self.periods, "num_waves": self.num_waves}
