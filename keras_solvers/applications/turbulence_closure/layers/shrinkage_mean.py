"""Ensemble mean that is shrunk towards zero, and the spread of an ensemble."""

import keras
from keras import ops

_TINY = 1e-12


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class ShrinkageMean(keras.layers.Layer):
    """Shrinkage estimate `s m` from the mean `m` of an ensemble.

    `s = |m|^2 / (|m|^2 + shrinkage v)` with the variance `v = sum_j |y_j - m|^2 / (M - 1)` of the
    `M` members `y_j`. With `shrinkage = 1` this is the Wiener filter: the best linear estimate of a
    quantity whose magnitude is that of `m`, with an error variance of `v`. An ensemble that
    underestimates its errors needs more shrinkage. The factor `s` is invariant under rotations and
    reflections of the axes.

    Args:
        shrinkage: Weight of the variance; 0 for the plain mean.

    Shapes:
        x: `(batch, num_members, ...)`, two members or more.
        y: `(batch, ...)`.
    """

    def __init__(self, shrinkage: float = 1.0, **kwargs):
        super().__init__(**kwargs)
        if not shrinkage >= 0.0:
            raise ValueError(f"`shrinkage` must not be negative. Received: shrinkage={shrinkage}")
        self.shrinkage = shrinkage

    def build(self, input_shape):
        if len(input_shape) < 3 or (input_shape[1] or 0) < 2:
            raise ValueError(
                "Predictions of two members or more are expected, (batch, num_members, ...). "
                f"Received: shape {tuple(input_shape)}"
            )

    def call(self, x):
        # In half precision the squares of small predictions are zero.
        precise = ops.cast(x, keras.backend.result_type(x.dtype, "float32"))
        mean = ops.mean(precise, axis=1)
        axes = tuple(range(1, len(x.shape) - 1))
        variance = ensemble_spread(precise) ** 2
        square = ops.sum(ops.square(mean), axis=axes)
        factor = (square + _TINY) / (square + self.shrinkage * variance + _TINY)
        return ops.cast(ops.reshape(factor, (-1,) + (1,) * len(axes)) * mean, x.dtype)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *input_shape[2:])

    def get_config(self):
        return {**super().get_config(), "shrinkage": self.shrinkage}


def ensemble_spread(x):
    """Standard deviation `sqrt(v)` of an ensemble, `(batch, num_members, ...)` to `(batch,)`.

    `v = sum_j |x_j - m|^2 / (num_members - 1)`, with the ensemble mean `m`.
    """
    deviation = x - ops.mean(x, axis=1, keepdims=True)
    axes = tuple(range(1, len(x.shape)))
    return ops.sqrt(ops.sum(ops.square(deviation), axis=axes) / (x.shape[1] - 1))
