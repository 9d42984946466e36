"""Gauss-Newton steps that are damped as much as they need to be."""

import keras
import numpy as np
from keras import ops

from keras_solvers.training.second_order import SecondOrder

_TRIALS = 20  # the growth doubles each time: more would be no step at all


class LevenbergMarquardt(SecondOrder):
    """Minimises a sum of squares `|r|^2` by steps `(J^T J + damping I) d = -J^T r`.

    The damping is halved after a step that brought more than half of what the linear model
    foretold, and grows, faster each time, while steps do not lower the loss (Nielsen, Damping
    parameter in Marquardt's method, IMM-REP-1999-05, with a slower cut: a sharper one loses the
    valley that the weights of a network move in). A step costs `num_points * num_weights^2`: for
    networks of up to a few thousand weights. With float64 weights it reaches errors that
    first-order methods do not.

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
        loss, slope, gram = system.linearize()
        if not np.isfinite(loss):
            return loss, "the loss is not finite"
        start = system.weights
        for _ in range(_TRIALS):
            damping = self.damping
            step = _damped_step(slope, gram, damping)
            if step is not None:
                system.weights = start + step
                reached = system.loss()
                if reached < loss:  # false for NaN too
                    foretold = step @ (damping * step - slope)
                    self._accepted((loss - reached) / foretold)
                    done = reached <= self.tolerance
                    return reached, "the loss is below the tolerance" if done else None
            self._rejected()
        system.weights = start
        return loss, "no step lowers the loss: it is at the limit of the precision"

    def _accepted(self, share):
        """After a step that brought a share of the decrease that the linear model foretold."""
        if share > 0.5:
            self._damping.assign(max(self.damping / 2.0, self.least_damping))
        self._growth.assign(2.0)

    def _rejected(self):
        self._damping.assign(self._damping * self._growth)
        self._growth.assign(2.0 * self._growth)


def _damped_step(slope, gram, damping):
    """Minimum of the damped linear model; `None` if rounding made the matrix indefinite."""
    from scipy.linalg import cho_factor, cho_solve

    matrix = gram.copy(order="F")
    matrix[np.diag_indices_from(matrix)] += damping
    try:
        factor = cho_factor(matrix, lower=True, overwrite_a=True, check_finite=False)
    except np.linalg.LinAlgError:
        return None
    return -cho_solve(factor, slope, check_finite=False)
