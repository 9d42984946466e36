"""Gauss-Newton steps that are damped as much as they need to be."""

import numpy as np

from keras_solvers.training.second_order import SecondOrder


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
        self.damping = damping
        self.least_damping = least_damping
        self.tolerance = tolerance
        self._growth = 2.0

    def step(self, system):
        from scipy.linalg import cho_factor, cho_solve

        loss, slope, gram = system.linearize()
        if not np.isfinite(loss):
            return loss, "the loss is not finite"
        start, diagonal = system.weights, np.diag_indices_from(gram)
        undamped = gram[diagonal].copy()
        for _ in range(40):
            gram[diagonal] = undamped + self.damping
            try:
                step = -cho_solve(cho_factor(gram, lower=True, check_finite=False), slope)
            except np.linalg.LinAlgError:  # rounding made it indefinite
                self._more_damping()
                continue
            system.weights = start + step
            reached = system.loss()
            foretold = step @ (self.damping * step - slope)  # decrease of the linear model
            gain = (loss - reached) / foretold
            if reached < loss:  # false for NaN too
                if gain > 0.5:
                    self.damping = max(self.damping / 2.0, self.least_damping)
                self._growth = 2.0
                done = reached <= self.tolerance
                return reached, "the loss is below the tolerance" if done else None
            self._more_damping()
        system.weights = start
        return loss, "no step lowers the loss: it is at the limit of the precision"

    def _more_damping(self):
        self.damping *= self._growth
        self._growth *= 2.0
