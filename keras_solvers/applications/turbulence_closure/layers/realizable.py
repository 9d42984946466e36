"""Anisotropies that a turbulence can have."""

import math

import keras
from keras import ops

from keras_solvers.applications.turbulence_closure.layers.tensor_polynomials import trace

_TINY = 1e-12
# What rounding may add to an eigenvalue; in other types it is what the closed form may be off.
_MARGIN = {"float16": 1e-3, "bfloat16": 8e-3}


def least_eigenvalue(b):
    """Least eigenvalue of symmetric tensors without trace, `(..., 3, 3)` to `(...)`.

    In closed form, and so differentiable and fit for export:
    `2 r cos(t + 2 pi / 3)` with `r^2 = tr b^2 / 6` and `cos 3 t = tr b^3 / (6 r^3)`
    (Smith, Eigenvalues of a symmetric 3 x 3 matrix, 1961).
    """
    second = ops.sum(ops.square(b), axis=(-2, -1))
    third = trace(ops.matmul(ops.matmul(b, b), b))
    r = ops.sqrt(second / 6.0 + _TINY)
    # Short of one, where the slope of the arc cosine is infinite.
    cosine = ops.clip(third / (6.0 * r**3), -1.0 + 1e-6, 1.0 - 1e-6)
    return 2.0 * r * ops.cos(ops.arccos(cosine) / 3.0 + 2.0 * math.pi / 3.0)


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class Realizable(keras.layers.Layer):
    """Shortens an anisotropy until it is one of real velocities: `s b` with the largest `s <= 1`.

    `<u u>` is a mean of squares, so none of its eigenvalues is negative and none of `b` is below
    `-1/3` (Schumann, Realizability of Reynolds-stress turbulence models, 1977, Phys. Fluids 20;
    the sides of Lumley's triangle). The set of such `b` is convex and holds zero: shortening leads
    into it from everywhere, keeps the axes of `b`, leaves what is in it as it is, and turns with
    the axes.

    Shapes:
        x: `(..., 3, 3)`, symmetric and without trace.
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
        share = (1.0 / 3.0 - margin) / ops.maximum(-least_eigenvalue(precise), _TINY)
        return ops.cast(precise * ops.minimum(share, 1.0)[..., None, None], b.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class RealizabilityPenalty(keras.layers.Layer):
    """Hands anisotropies on, and adds to the loss how far they are from those of real velocities.

    `weight` times the mean of `max(0, -1/3 - l)^2` with the least eigenvalue `l` of each. Unlike
    `Realizable`, which corrects an answer, it teaches a network, also at points without data: give
    them the sample weight 0, which the penalty does not see.

    Args:
        weight: Of the penalty beside the other losses.

    Shapes:
        x: `(..., 3, 3)`, symmetric and without trace.
        y: the same.
    """

    def __init__(self, weight=1.0, **kwargs):
        super().__init__(**kwargs)
        if not weight >= 0.0:
            raise ValueError(f"`weight` must not be negative. Received: weight={weight}")
        self.weight = weight

    def call(self, b):
        beyond = ops.relu(-1.0 / 3.0 - least_eigenvalue(ops.cast(b, "float32")))
        self.add_loss(self.weight * ops.mean(ops.square(beyond)))
        return b

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "weight": self.weight}
