"""The normalised Q-criterion of a velocity gradient."""

import math

import keras
from keras import ops

_TINY = 1e-12


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class NormalisedQCriterion(keras.layers.Layer):
    """`asinh(q / width) / asinh(1 / width)` with `q = (|R|^2 - |S|^2) / (|R|^2 + |S|^2)`.

    `q` is 1 in a solid-body rotation, -1 in a pure strain and 0 in a parallel shear flow. Values in
    wall-bounded flows are close to 0. The inverse hyperbolic sine resolves their differences.

    Args:
        width: Width of the range around `q = 0` that is resolved.

    Shapes:
        x: `(batch, 2, 3, 3)`, strain and rotation rate.
        y: `(batch, 1)`; zero for a zero gradient.

    Reference: `q` is the first feature of Ling and Templeton, Evaluation of machine learning
    algorithms for prediction of regions of high Reynolds averaged Navier Stokes uncertainty, 2015,
    Phys. Fluids 27, table 2.
    """

    def __init__(self, width: float = 0.05, **kwargs):
        super().__init__(**kwargs)
        if not width > 0.0:
            raise ValueError(f"`width` must be positive. Received: width={width}")
        self.width = width

    def build(self, input_shape):
        if tuple(input_shape[1:]) != (2, 3, 3):
            raise ValueError(
                "A strain and a rotation rate are expected, (batch, 2, 3, 3). "
                f"Received: shape {tuple(input_shape)}"
            )

    def call(self, x):
        # In half precision the squares of small gradients underflow, those of large ones overflow.
        precise = ops.cast(x, keras.backend.result_type(x.dtype, "float32"))
        square = ops.sum(ops.square(precise), axis=(2, 3))
        strain, rotation = square[:, :1], square[:, 1:]
        q = (rotation - strain) / (rotation + strain + _TINY)
        return ops.cast(ops.arcsinh(q / self.width) / math.asinh(1.0 / self.width), x.dtype)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], 1)

    def get_config(self):
        return {**super().get_config(), "width": self.width}
