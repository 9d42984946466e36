"""A quadratic eddy-viscosity model."""

import dataclasses

from keras import ops

from keras_solvers.applications.turbulence_closure.classic.stress_closures import rates
from keras_solvers.applications.turbulence_closure.layers.tensor_polynomials import without_trace


@dataclasses.dataclass(frozen=True)
class QuadraticEddyViscosity:
    """`b = -C S + (3 {S S} + 15 (R S - S R) - 19 {R R}) / (2 (1000 + s^3))`.

    `C = 2/3 / (1.25 + s + 0.9 w)` with `s^2 = 2 tr S S^T` and `w^2 = 2 tr R R^T`. Braces denote the
    trace-free part. The model gives unequal normal stresses, as real shear flows have. All
    coefficients decrease with the gradient, so the stresses stay realizable where those of a linear
    model do not.

    Args:
        linear: The constants 1.25, 0.9 and 2/3 of `C`, in this order.
        quadratic: The coefficients 3, 15 and -19, in this order.
        offset: The constant 1000, which bounds the quadratic terms.

    Shapes:
        x: `(batch, 2, 3, 3)`, strain and rotation rate times `k / epsilon`.
        returns: `(batch, 3, 3)`.

    Reference: Shih, Zhu and Lumley, A realizable Reynolds stress algebraic equation model, 1993,
    NASA TM 105993; there in terms of products of gradients, with the coefficients -4, 13 and -2.
    """

    linear: tuple[float, float, float] = (1.25, 0.9, 2.0 / 3.0)
    quadratic: tuple[float, float, float] = (3.0, 15.0, -19.0)
    offset: float = 1000.0

    def __call__(self, x):
        strain, rotation = rates(x)
        s, w = _magnitude(strain), _magnitude(rotation)
        constant, rotation_factor, numerator = self.linear
        strain_squared, mixed, rotation_squared = self.quadratic
        squares = (
            strain_squared * without_trace(ops.matmul(strain, strain))
            + mixed * (ops.matmul(rotation, strain) - ops.matmul(strain, rotation))
            + rotation_squared * without_trace(ops.matmul(rotation, rotation))
        )
        viscosity = numerator / (constant + s + rotation_factor * w)
        return squares / (2.0 * (self.offset + s**3)) - viscosity * strain


def _magnitude(a):
    return ops.sqrt(2.0 * ops.sum(ops.square(a), axis=(1, 2), keepdims=True))
