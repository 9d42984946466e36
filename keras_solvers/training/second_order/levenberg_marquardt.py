"""Damped Gauss-Newton steps."""

import keras
import numpy as np
from keras import ops

from keras_solvers.training.second_order.linear_models import KrylovEquations
from keras_solvers.training.second_order.optimizer import (
    NO_DECREASE,
    NOT_FINITE,
    TOLERANCE_REACHED,
    SecondOrder,
)

_MAX_TRIALS = 20  # the growth doubles each time: more would be no step at all


class LevenbergMarquardt(SecondOrder):
    """Minimises a sum of squares `|r|^2` by steps `(J^T J + damping I) d = -J^T r`.

    The damping is halved after a step that brought more than half of the decrease that the linear
    model predicts, and grows, faster each time, while steps do not lower the loss (Nielsen, Damping
    parameter in Marquardt's method, IMM-REP-1999-05, with a slower cut: a sharper one loses the
    valley that the weights of a network move in). With float64 weights it reaches errors that
    first-order methods do not.

    A step costs `num_residuals * num_parameters * min(num_residuals, num_parameters)`: a few
    thousand parameters or residuals at most. For the loss of a `PINN` it is also the energy natural
    gradient, damped: `J^T J` is the metric in which functions that differ little in their residuals
    are near (Mueller and Zeinhofer, Achieving high accuracy with PINNs via energy natural gradient
    descent, 2023, section 3).

    Args:
        damping: First damping.
        min_damping: Smallest damping; below this rounding takes over.
        tolerance: The training ends when the loss is below this.
    """

    def __init__(self, damping=1e-2, min_damping=1e-15, tolerance=0.0):
        self._damping = keras.Variable(damping, dtype="float32", name="damping")
        self._growth = keras.Variable(2.0, dtype="float32", name="growth")
        self.variables = (self._damping, self._growth)
        self.min_damping = min_damping
        self.tolerance = tolerance

    @property
    def damping(self):
        """The present damping."""
        return float(ops.convert_to_numpy(self._damping))

    def step(self, system):
        model = self.linear_model(system)
        loss = model.loss
        if not np.isfinite(loss):
            return loss, NOT_FINITE
        start = system.parameters
        for _ in range(_MAX_TRIALS):
            damping = self.damping
            step = model.step(damping)
            if step is not None:
                system.parameters = start + step
                reached = system.loss()
                if reached < loss:  # false for NaN too
                    self._accepted((loss - reached) / model.predicted_decrease(step, damping))
                    return reached, TOLERANCE_REACHED if reached <= self.tolerance else None
            self._rejected()
        system.parameters = start
        return loss, NO_DECREASE

    def linear_model(self, system):
        """`|r + J d|^2` of a `LeastSquares`, with its damped minimum."""
        return system.linear_model()

    def _accepted(self, ratio):
        """After a step, with its decrease of the loss over the predicted one."""
        if ratio > 0.5:
            self._damping.assign(max(self.damping / 2.0, self.min_damping))
        self._growth.assign(2.0)

    def _rejected(self):
        self._damping.assign(self._damping * self._growth)
        self._growth.assign(2.0 * self._growth)


class GaussNewtonCG(LevenbergMarquardt):
    """The steps of `LevenbergMarquardt` by conjugate gradients, without the Jacobian.

    For problems with too many parameters and too many residuals for it: memory `num_parameters`,
    and a product with `J^T J` costs about two gradients of the loss. The damping also limits how
    many are needed (Martens, Deep learning via Hessian-free optimization, 2010).

    Args:
        damping: First damping.
        min_damping: Smallest damping.
        max_iterations: Largest number of products in a step.
        cg_tolerance: At which conjugate gradients stop: norm of the remaining residual of the
            linear system, relative to its right side.
        tolerance: The training ends when the loss is below this.
    """

    def __init__(
        self, damping=1e-2, min_damping=1e-10, max_iterations=100, cg_tolerance=1e-2, tolerance=0.0
    ):
        super().__init__(damping, min_damping, tolerance)
        self.max_iterations, self.cg_tolerance = max_iterations, cg_tolerance

    def linear_model(self, system):
        loss, gradient = system.loss_and_gradient()
        return KrylovEquations(
            loss,
            0.5 * gradient,
            system.gauss_newton_product,
            self.max_iterations,
            self.cg_tolerance,
        )
