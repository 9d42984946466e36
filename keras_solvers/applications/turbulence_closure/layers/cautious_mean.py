"""What a committee agrees on."""

import keras
from keras import ops

_TINY = 1e-12


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class CautiousMean(keras.layers.Layer):
    """Mean `m` of the members of a committee, shortened where they disagree: `s m`.

    `s = |m|^2 / (|m|^2 + caution v)` with the variance `v = sum_j |y_j - m|^2 / (num_members - 1)`.
    With `caution = 1` it is the best linear estimate of an answer whose size is that of `m` and
    whose doubt has the variance `v` (Wiener's filter); members that saw different data disagree
    most where none of them has seen the like, and less caution than that would trust them there.
    Nothing turns: sizes do not depend on the axes.

    Args:
        caution: Weight of the variance; 0 for the plain mean.

    Shapes:
        x: `(batch, num_members, ...)`, two members or more.
        y: `(batch, ...)`.
    """

    def __init__(self, caution=1.0, **kwargs):
        super().__init__(**kwargs)
        if not caution >= 0.0:
            raise ValueError(f"`caution` must not be negative. Received: caution={caution}")
        self.caution = caution

    def build(self, input_shape):
        if len(input_shape) < 3 or (input_shape[1] or 0) < 2:
            raise ValueError(
                "Answers of two members or more are expected, (batch, num_members, ...). "
                f"Received: shape {tuple(input_shape)}"
            )

    def call(self, x):
        # In half precision the squares of small answers are zero.
        precise = ops.cast(x, keras.backend.result_type(x.dtype, "float32"))
        mean = ops.mean(precise, axis=1)
        axes = tuple(range(1, len(x.shape) - 1))
        variance = spread(precise) ** 2
        square = ops.sum(ops.square(mean), axis=axes)
        share = (square + _TINY) / (square + self.caution * variance + _TINY)
        return ops.cast(ops.reshape(share, (-1,) + (1,) * len(axes)) * mean, x.dtype)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *input_shape[2:])

    def get_config(self):
        return {**super().get_config(), "caution": self.caution}


def spread(x):
    """How far members are apart: `(batch, num_members, ...)` to `(batch,)`, `sqrt(v)` above."""
    deviation = x - ops.mean(x, axis=1, keepdims=True)
    axes = tuple(range(1, len(x.shape)))
    return ops.sqrt(ops.sum(ops.square(deviation), axis=axes) / (x.shape[1] - 1))
