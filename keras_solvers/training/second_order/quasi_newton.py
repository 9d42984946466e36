"""Methods that learn the curvature of the loss from its gradients."""

import abc
import warnings

import numpy as np
from scipy.optimize import line_search

from keras_solvers.training.second_order.optimizer import (
    NO_DECREASE,
    NOT_FINITE,
    TOLERANCE_REACHED,
    SecondOrder,
)

_MIN_CURVATURE = 1e-12  # share of `|s| |y|` below which a step says nothing about the curvature
_MIN_LENGTH = 1e-12  # at which a line search gives up


class QuasiNewton(SecondOrder):
    """Steps along `-H g` with a line search, `H` an estimate of the inverse of the Hessian.

    The line search satisfies the strong Wolfe conditions (Nocedal and Wright, Numerical
    Optimization, 2006, algorithms 3.5 and 3.6); where rounding hides the gradient it is content
    with a lower loss, and where `H` has become useless it starts again from steepest descent.

    Args:
        tolerance: The training ends when the loss is below this.
    """

    built = False
    variables = ()

    def __init__(self, tolerance=0.0):
        self.tolerance = tolerance

    @abc.abstractmethod
    def build(self, variables):
        """Makes the variables of `H`, for trainable variables of this size."""

    @abc.abstractmethod
    def direction(self, gradient):
        """`-H g`."""

    @abc.abstractmethod
    def update(self, step, change, gradient):
        """Updates `H` by a step `s`, the change `y` of the gradient, and the gradient before."""

    @abc.abstractmethod
    def reset(self):
        """Back to steepest descent; `False` if it is there already."""

    def step(self, system):
        if not self.built:
            self.build(system.variables)
        start = system.parameters
        loss, gradient = system.loss_and_gradient()
        if not np.isfinite(loss):
            return loss, NOT_FINITE
        found = None
        while found is None:
            found = _line_search(system, start, loss, gradient, self.direction(gradient))
            if found is None and not self.reset():
                system.parameters = start
                return loss, NO_DECREASE
        reached, parameters, new_gradient = found
        system.parameters = parameters
        step, change = parameters - start, new_gradient - gradient
        if change @ step > _MIN_CURVATURE * np.linalg.norm(step) * np.linalg.norm(change):
            self.update(step, change, gradient)
        return reached, TOLERANCE_REACHED if reached <= self.tolerance else None


def _line_search(system, start, loss, gradient, direction):
    """`(loss, parameters, gradient)` at the end of a line search, or `None`."""
    if not np.isfinite(direction).all() or direction @ gradient >= 0.0:
        return None
    known = {}

    def at(parameters):
        key = parameters.tobytes()
        if key not in known:
            system.parameters = parameters
            known[key] = system.loss_and_gradient()
        return known[key]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # what follows is for that case
        length = line_search(
            lambda w: at(w)[0], lambda w: at(w)[1], start, direction, gradient, loss, maxiter=20
        )[0]
    while length is None or not at(start + length * direction)[0] < loss:
        length = 1.0 if length is None else 0.25 * length
        if length < _MIN_LENGTH:
            return None
    parameters = start + length * direction
    return at(parameters)[0], parameters, at(parameters)[1]
