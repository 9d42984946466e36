"""Gauss-Newton steps that are damped as much as they need to be."""

import keras
import numpy as np
from keras import ops

from keras_solvers.pinn.optimizers.linear_models import KrylovEquations
from keras_solvers.pinn.optimizers.second_order import SecondOrder

_TRIALS = 20  # the growth doubles each time: more would be no step at all


class LevenbergMarquardt(SecondOrder):
    """Minimises a sum of squares `|r|^2` by steps `(J^T J + damping I) d = -J^T r`.

    The damping is halved after a step that brought more than half of what the linear model
    foretold, and grows, faster each time, while steps do not lower the loss (Nielsen, Damping
    parameter in Marquardt's method, IMM-REP-1999-05, with a slower cut: a sharper one loses the
    valley that the weights of a network move in). With float64 weights it reaches errors that
    first-order methods do not.

    A step costs `num_residuals * num_weights * min(num_residuals, num_weights)`: few weights or few
    points, up to a few thousand. For the loss of a `PINN` it is also the energy natural gradient,
    damped: `J^T J` is the metric in which functions that differ little in their residuals are near
    (Mueller and Zeinhofer, Achieving high accuracy with PINNs via energy natural gradient descent,
    2023, section 3).

    Args:
        damping: First damping.
        least_damping: Below this rounding takes over.
        tolerance: The training ends when the loss is below this.
    """

    def __init__(self, damping=1e-2, least_damping=1e-15, tolerance=0.0):
        self._damping = keras.Variable(damping, dtype="float32", name="damping")
        self._growth = keras.Variable(2.0, dtype="float32", name="growth")
        self.variables = (self._damping, self._growth)
        self.least_damping = least_damping
        self.tolerance = tolerance

    @property
    def damping(self):
        """The present damping."""
        return float(ops.convert_to_numpy(self._damping))

    def step(self, system):
        model = self.linear_model(system)
        loss = model.loss
        if not np.isfinite(loss):
            return loss, "the loss is not finite"
        start = system.weights
        for _ in range(_TRIALS):
            damping = self.damping
            step = model.step(damping)
            if step is not None:
                system.weights = start + step
                reached = system.loss()
                if reached < loss:  # false for NaN too
                    self._accepted((loss - reached) / model.decrease(step, damping))
                    done = reached <= self.tolerance
                    return reached, "the loss is below the tolerance" if done else None
            self._rejected()
        system.weights = start
        return loss, "no step lowers the loss: it is at the limit of the precision"

    def linear_model(self, system):
        """`|r + J d|^2` of a `LeastSquares`, with its damped minimum."""
        return system.linear_model()

    def _accepted(self, share):
        """After a step that brought a share of the decrease that the linear model foretold."""
        if share > 0.5:
            self._damping.assign(max(self.damping / 2.0, self.least_damping))
        self._growth.assign(2.0)

    def _rejected(self):
        self._damping.assign(self._damping * self._growth)
        self._growth.assign(2.0 * self._growth)


class GaussNewtonCG(LevenbergMarquardt):
    """The steps of `LevenbergMarquardt` by conjugate gradients, without the Jacobian.

    For networks and sets of points that are both too large for it: memory `num_weights`, and a
    product with `J^T J` costs about two gradients of the loss. The damping also limits how many are
    needed (Martens, Deep learning via Hessian-free optimization, 2010).

    Args:
        damping: First damping.
        least_damping: Smallest damping.
        iterations: Largest number of products in a step.
        accuracy: Share of the slope that conjugate gradients may leave.
        tolerance: The training ends when the loss is below this.
    """

    def __init__(
        self, damping=1e-2, least_damping=1e-10, iterations=100, accuracy=1e-2, tolerance=0.0
    ):
        super().__init__(damping, least_damping, tolerance)
        self.iterations, self.accuracy = iterations, accuracy

    def linear_model(self, system):
        loss, gradient = system.loss_and_gradient()
        return KrylovEquations(loss, 0.5 * gradient, system.product, self.iterations, self.accuracy)
