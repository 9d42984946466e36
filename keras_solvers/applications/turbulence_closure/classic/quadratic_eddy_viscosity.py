"""A closure of the Reynolds stresses that is quadratic in the velocity gradient."""

import dataclasses

from keras import ops

from keras_solvers.applications.turbulence_closure.classic.stress_closures import rates
from keras_solvers.applications.turbulence_closure.layers.tensor_polynomials import without_trace


@dataclasses.dataclass(frozen=True)
class QuadraticEddyViscosity:
    """`b = -C S + (3 {S S} + 15 (R S - S R) - 19 {R R}) / (2 (1000 + s^3))`.

    `C = 2/3 / (1.25 + s + 0.9 w)` with `s^2 = 2 tr S S^T` and `w^2 = 2 tr R R^T`; braces take the
    trace out. The normal stresses differ, as in real shear flows; all coefficients fall with the
    gradient, which keeps the stresses realizable where a linear closure leaves the triangle.

    Args:
        linear: 1.25, 0.9 and 2/3, in that order: of `C`.
        quadratic: 3, 15 and -19, in that order.
        bound: 1000, what keeps the quadratic terms finite.

    Shapes:
        x: `(batch, 2, 3, 3)`, strain and rotation rate times `k / epsilon`.
        returns: `(batch, 3, 3)`.

    Reference: Shih, Zhu and Lumley, A realizable Reynolds stress algebraic equation model, 1993,
    NASA TM 105993; there by the products of gradients, with -4, 13 and -2.
    """

    linear: tuple[float, float, float] = (1.25, 0.9, 2.0 / 3.0)
    quadratic: tuple[float, float, float] = (3.0, 15.0, -19.0)
    bound: float = 1000.0

    def __call__(self, x):
        strain, rotation = rates(x)
        s, w = _size(strain), _size(rotation)
        first, second, over = self.linear
        straight, mixed, turned = self.quadratic
        squares = (
            straight * without_trace(ops.matmul(strain, strain))
            + mixed * (ops.matmul(rotation, strain) - ops.matmul(strain, rotation))
            + turned * without_trace(ops.matmul(rotation, rotation))
        )
        return squares / (2.0 * (self.bound + s**3)) - over / (first + s + second * w) * strain


def _size(a):
    return ops.sqrt(2.0 * ops.sum(ops.square(a), axis=(1, 2), keepdims=True))
