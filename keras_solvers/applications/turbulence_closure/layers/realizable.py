"""Realizability of anisotropies, as a projection and as a penalty."""

import math

import keras
from keras import ops

from keras_solvers.applications.turbulence_closure.layers.tensor_polynomials import trace

_TINY = 1e-12
# Distance to the boundary: rounding in half precision, otherwise 1e-6 for the closed form.
_MARGIN = {"float16": 1e-3, "bfloat16": 8e-3}


def smallest_eigenvalue(b):
    """Smallest eigenvalue of symmetric, trace-free tensors, `(..., 3, 3)` to `(...)`.

    The closed form is differentiable and can be exported:
    `2 r cos(t + 2 pi / 3)` with `r^2 = tr b^2 / 6` and `cos 3 t = tr b^3 / (6 r^3)`
    (Smith, Eigenvalues of a symmetric 3 x 3 matrix, 1961).
    """
    second = ops.sum(ops.square(b), axis=(-2, -1))
    third = trace(ops.matmul(ops.matmul(b, b), b))
    r = ops.sqrt(second / 6.0 + _TINY)
    # Kept below one, where the derivative of the arc cosine is infinite.
    cosine = ops.clip(third / (6.0 * r**3), -1.0 + 1e-6, 1.0 - 1e-6)
    return 2.0 * r * ops.cos(ops.arccos(cosine) / 3.0 + 2.0 * math.pi / 3.0)


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class Realizable(keras.layers.Layer):
    """Radial projection on the realizable anisotropies: `s b` with the largest `s <= 1`.

    The stresses `<u u>` are positive semidefinite, so no eigenvalue of `b` is below `-1/3`
    (Schumann, Realizability of Reynolds-stress turbulence models, 1977, Phys. Fluids 20). These
    tensors form a convex set that contains zero, whose boundary is that of Lumley's triangle.
    Scaling towards zero therefore always reaches the set. It keeps the principal axes of `b`,
    leaves realizable tensors unchanged, and is equivariant under rotations and reflections.

    Shapes:
        x: `(..., 3, 3)`, symmetric and trace-free.
        y: the same.
    """

    def build(self, input_shape):
        if tuple(input_shape[-2:]) != (3, 3):
            raise ValueError(
                f"Tensors are expected, (..., 3, 3). Received: shape {tuple(input_shape)}"
            )

    def call(self, b):
        precise = ops.cast(b, keras.backend.result_type(b.dtype, "float32"))
        margin = _MARGIN.get(keras.backend.standardize_dtype(b.dtype), 1e-6)
        factor = (1.0 / 3.0 - margin) / ops.maximum(-smallest_eigenvalue(precise), _TINY)
        return ops.cast(precise * ops.minimum(factor, 1.0)[..., None, None], b.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class RealizabilityPenalty(keras.layers.Layer):
    """Identity that adds a penalty for unrealizable anisotropies to the loss.

    The penalty is `weight` times the mean of `max(0, -1/3 - l)^2`, with the smallest eigenvalue `l`
    of each tensor. `Realizable` corrects a prediction; the penalty trains the network. It needs no
    targets: sample weights do not affect it, so inputs without data can have the sample weight 0.

    Args:
        weight: Weight of the penalty in the loss.

    Shapes:
        x: `(..., 3, 3)`, symmetric and trace-free.
        y: the same.
    """

    def __init__(self, weight: float = 1.0, **kwargs):
        super().__init__(**kwargs)
        if not weight >= 0.0:
            raise ValueError(f"`weight` must not be negative. Received: weight={weight}")
        self.weight = weight

    def call(self, b):
        violation = ops.relu(-1.0 / 3.0 - smallest_eigenvalue(ops.cast(b, "float32")))
        self.add_loss(self.weight * ops.mean(ops.square(violation)))
        return b

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "weight": self.weight}
