"""The anisotropy of turbulence that is in balance with the mean flow around it."""

import dataclasses

import keras
from keras import ops

from keras_solvers.problem import RootProblem


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
@dataclasses.dataclass(frozen=True)
class AlgebraicStress(RootProblem):
    """The implicit algebraic equation of the Reynolds stresses, `b = <u u> / 2k - I / 3`.

    `N b + 3/5 S - (b R - R b) = 0` with `N = 9/4 (rotta - 1) + P`, where `P = -9/2 tr(b S)` is 9/4
    times the production of turbulence over its dissipation. It is nonlinear, since `N` depends on
    the answer; `b` is symmetric and has no trace.

    Args:
        rotta: Rotta's coefficient, above 1: how fast turbulence becomes isotropic by itself.
        largest: Largest norm of the sampled velocity gradients, times `k / epsilon`.

    Shapes:
        x: `(batch, 2, 3, 3)`, strain rate `S` and rotation rate `R` times `k / epsilon`.
        y: `(batch, 3, 3)`, the anisotropy `b`.

    Reference: Wallin and Johansson, An explicit algebraic Reynolds stress model for incompressible
    and compressible turbulent flows, 2000, J. Fluid Mech. 403, section 2; there `a = 2 b`.
    """

    rotta: float = 1.8
    largest: float = 10.0

    def __post_init__(self):
        if not self.rotta > 1.0 or not self.largest > 0.0:
            raise ValueError(
                "`rotta` must be above 1 and `largest` positive. "
                f"Received: rotta={self.rotta}, largest={self.largest}"
            )

    def sample(self, num_samples, seed):
        """Gradients in all directions, their norms spread evenly on a logarithmic scale."""
        generator = keras.random.SeedGenerator(seed)
        gradient = keras.random.normal((num_samples, 3, 3), seed=generator)
        trace = ops.trace(gradient, axis1=-2, axis2=-1)[:, None, None]
        gradient = gradient - trace / 3.0 * ops.eye(3)
        size = ops.sqrt(ops.sum(ops.square(gradient), axis=(1, 2), keepdims=True))
        share = keras.random.uniform((num_samples, 1, 1), -2.0, 0.0, seed=generator)
        gradient = gradient / size * self.largest * ops.power(10.0, share)
        turned = ops.swapaxes(gradient, 1, 2)
        return 0.5 * ops.stack([gradient + turned, gradient - turned], axis=1)

    def relaxation(self, x, y):
        """`N`, `(batch,)`."""
        return 2.25 * (self.rotta - 1.0) - 4.5 * ops.sum(x[:, 0] * y, axis=(1, 2))

    def residual(self, x, y):
        strain, rotation = x[:, 0], x[:, 1]
        relaxed = self.relaxation(x, y)[:, None, None] * y
        turned = ops.matmul(y, rotation) - ops.matmul(rotation, y)
        return relaxed + 0.6 * strain - turned
