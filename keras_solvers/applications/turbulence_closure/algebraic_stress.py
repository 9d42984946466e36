"""The implicit algebraic equation of the Reynolds-stress anisotropy."""

import dataclasses

import keras
from keras import ops

from keras_solvers.problem import RootProblem


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
@dataclasses.dataclass(frozen=True)
class AlgebraicStress(RootProblem):
    """The implicit algebraic Reynolds-stress model for `b = <u u> / 2k - I / 3`.

    It solves `N b + 3/5 S - (b R - R b) = 0` with `N = 9/4 (rotta - 1) + P`. The term
    `P = -9/2 tr(b S)` is 9/4 times the ratio of production to dissipation of turbulent energy. The
    equation is nonlinear, because `N` depends on `b`. The anisotropy `b` is symmetric and
    trace-free.

    Args:
        rotta: Rotta's coefficient of the return to isotropy, above 1.
        max_gradient: Largest norm of the sampled velocity gradients, times `k / epsilon`.

    Shapes:
        x: `(batch, 2, 3, 3)`, strain rate `S` and rotation rate `R` times `k / epsilon`.
        y: `(batch, 3, 3)`, the anisotropy `b`.

    Reference: Wallin and Johansson, An explicit algebraic Reynolds stress model for incompressible
    and compressible turbulent flows, 2000, J. Fluid Mech. 403, section 2; there `a = 2 b`.
    """

    rotta: float = 1.8
    max_gradient: float = 10.0

    def __post_init__(self):
        if not self.rotta > 1.0 or not self.max_gradient > 0.0:
            raise ValueError(
                "`rotta` must be above 1 and `max_gradient` positive. "
                f"Received: rotta={self.rotta}, max_gradient={self.max_gradient}"
            )

    def sample(self, num_samples, seed):
        """Draws gradients of uniform direction, whose norms are log-uniform over two decades."""
        generator = keras.random.SeedGenerator(seed)
        gradient = keras.random.normal((num_samples, 3, 3), seed=generator)
        trace = ops.trace(gradient, axis1=-2, axis2=-1)[:, None, None]
        gradient = gradient - trace / 3.0 * ops.eye(3)
        norm = ops.sqrt(ops.sum(ops.square(gradient), axis=(1, 2), keepdims=True))
        decades = keras.random.uniform((num_samples, 1, 1), -2.0, 0.0, seed=generator)
        gradient = gradient / norm * self.max_gradient * ops.power(10.0, decades)
        transposed = ops.swapaxes(gradient, 1, 2)
        return 0.5 * ops.stack([gradient + transposed, gradient - transposed], axis=1)

    def relaxation(self, x, y):
        """The coefficient `N`, `(batch,)`."""
        return 2.25 * (self.rotta - 1.0) - 4.5 * ops.sum(x[:, 0] * y, axis=(1, 2))

    def residual(self, x, y):
        strain, rotation = x[:, 0], x[:, 1]
        relaxation = self.relaxation(x, y)[:, None, None] * y
        commutator = ops.matmul(y, rotation) - ops.matmul(rotation, y)
        return relaxation + 0.6 * strain - commutator
