"""Methods that learn the curvature of the loss from its gradients."""

import abc
import warnings

import keras
import numpy as np
from keras import ops
from scipy.optimize import line_search

from keras_solvers.pinn.optimizers.second_order import SecondOrder

_CURVED = 1e-12  # share of `|s| |y|` below which a step says nothing about the curvature
_SHORTEST = 1e-12  # the step at which a line search gives up


class QuasiNewton(SecondOrder):
    """Steps along `-H g` with a line search, `H` an estimate of the inverse of the Hessian.

    The line search satisfies the strong conditions of Wolfe (Nocedal and Wright, Numerical
    Optimization, 2006, algorithms 3.5 and 3.6); where rounding hides the slope it is content with
    a lower loss, and where `H` has become useless it starts anew from steepest descent.

    Args:
        tolerance: The training ends when the loss is below this.
    """

    built = False
    variables = ()

    def __init__(self, tolerance=0.0):
        self.tolerance = tolerance

    @abc.abstractmethod
    def build(self, variables):
        """Makes what is remembered, for weights of this size."""

    @abc.abstractmethod
    def direction(self, gradient):
        """`-H g`."""

    @abc.abstractmethod
    def learn(self, step, change, gradient):
        """Takes up a step `s`, the change `y` of the gradient on it, and the gradient before."""

    @abc.abstractmethod
    def forget(self):
        """Back to steepest descent; `False` if it is there already."""

    def step(self, system):
        if not self.built:
            self.build(system.variables)
        start = system.weights
        loss, gradient = system.loss_and_gradient()
        if not np.isfinite(loss):
            return loss, "the loss is not finite"
        while True:
            found = self._searched(system, start, loss, gradient, self.direction(gradient))
            if found is not None:
                break
            if not self.forget():
                system.weights = start
                return loss, "no step lowers the loss: it is at the limit of the precision"
        reached, weights, slope = found
        system.weights = weights
        self.learn(weights - start, slope - gradient, gradient)
        return reached, "the loss is below the tolerance" if reached <= self.tolerance else None

    def _searched(self, system, start, loss, gradient, direction):
        """`(loss, weights, gradient)` at the end of a line search, or `None`."""
        if not np.isfinite(direction).all() or direction @ gradient >= 0.0:
            return None
        seen = {}

        def at(weights):
            key = weights.tobytes()
            if key not in seen:
                system.weights = weights
                seen[key] = system.loss_and_gradient()
            return seen[key]

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # what follows is for that case
            length = line_search(
                lambda w: at(w)[0], lambda w: at(w)[1], start, direction, gradient, loss, maxiter=20
            )[0]
        while length is None or not at(start + length * direction)[0] < loss:
            length = 1.0 if length is None else 0.25 * length
            if length < _SHORTEST:
                return None
            if at(start + length * direction)[0] < loss:
                break
        weights = start + length * direction
        return at(weights)[0], weights, at(weights)[1]


class SelfScaledBroyden(QuasiNewton):
    """A dense `H` of Broyden's family, scaled anew in each step.

    `H+ = (H - H y y^T H / (y^T H y) + phi v v^T) / tau + s s^T / (y^T s)`, with `phi` and `tau`
    of Al-Baali, who bounds the condition of `H`: on the narrow valleys of coordinate networks it
    gains orders of magnitude over BFGS (Urban, Stefanou and Pons, Unveiling the optimization
    process of physics informed neural networks, 2025, section 3). Memory `num_weights^2`, and as
    much work in each step: cheaper than `LevenbergMarquardt`, and it needs more of them.

    Args:
        tolerance: The training ends when the loss is below this.
    """

    def build(self, variables):
        size = sum(int(np.prod(v.shape)) for v in variables)
        self._inverse = keras.Variable(np.eye(size), dtype="float64", name="inverse_hessian")
        self._steps = keras.Variable(0, dtype="int32", name="steps")
        self.variables = (self._inverse, self._steps)
        self.built = True

    def direction(self, gradient):
        return -(self._matrix() @ gradient)

    def forget(self):
        if int(self._steps) == 0:
            return False
        self._inverse.assign(np.eye(self._inverse.shape[0]))
        self._steps.assign(0)
        return True

    def learn(self, step, change, gradient):
        curvature = change @ step
        if curvature <= _CURVED * np.linalg.norm(step) * np.linalg.norm(change):
            return
        inverse = self._matrix()
        if int(self._steps) == 0:  # of the size of the first curvature
            inverse = inverse * (curvature / (change @ change))
        image = inverse @ change
        forward = -(self._length(inverse, step, gradient)) * (step @ gradient) / curvature
        phi, tau = _broyden(forward, change @ image / curvature, len(step))
        size = change @ image
        side = np.sqrt(size) * (step / curvature - image / size)
        inverse = (inverse - np.outer(image, image) / size + phi * np.outer(side, side)) / tau
        self._inverse.assign(inverse + np.outer(step, step) / curvature)
        self._steps.assign_add(1)

    def _length(self, inverse, step, gradient):
        """`a` of the step `-a H g`."""
        direction = -(inverse @ gradient)
        # Next to the minimum squares of both are below the smallest number.
        size = np.abs(direction).max()
        direction = direction / size
        return (step / size) @ direction / (direction @ direction)

    def _matrix(self):
        return ops.convert_to_numpy(self._inverse)


def _broyden(b, h, size):
    """`(phi, tau)` from `b = s^T B s / y^T s` and `h = y^T H y / y^T s`."""
    a = max(b * h - 1.0, 1e-14)
    c = np.sqrt(a / (1.0 + a))
    least = min(1.0, h * (1.0 - c))
    theta = max((least - 1.0) / a, min(1.0 / least, (1.0 - b) / b))
    spread = 1.0 + theta * a
    root = spread ** (-1.0 / max(size - 1, 1))
    most = min(1.0, 1.0 / b)
    tau = min(most * root, spread) if theta <= 0.0 else most * min(root, 1.0 / theta)
    return (1.0 - theta) / spread, tau


class LBFGS(QuasiNewton):
    """BFGS from the last few steps alone, for networks of any size (Nocedal, 1980).

    Args:
        memory: Number of steps that are remembered.
        tolerance: The training ends when the loss is below this.
    """

    def __init__(self, memory=20, tolerance=0.0):
        super().__init__(tolerance)
        self.memory = memory

    def build(self, variables):
        size = sum(int(np.prod(v.shape)) for v in variables)
        empty = np.zeros((self.memory, size))
        self._moves = keras.Variable(empty, dtype="float64", name="steps")
        self._changes = keras.Variable(empty, dtype="float64", name="changes")
        self._number = keras.Variable(0, dtype="int32", name="number")
        self.variables = (self._moves, self._changes, self._number)
        self.built = True

    def direction(self, gradient):
        moves, changes = (ops.convert_to_numpy(v) for v in (self._moves, self._changes))
        number = min(int(self._number), self.memory)
        result, factors = gradient.copy(), np.zeros(self.memory)
        for i in range(number):  # the newest stands first
            factors[i] = moves[i] @ result / (moves[i] @ changes[i])
            result -= factors[i] * changes[i]
        if number:
            result *= moves[0] @ changes[0] / (changes[0] @ changes[0])
        for i in reversed(range(number)):
            result += moves[i] * (factors[i] - changes[i] @ result / (moves[i] @ changes[i]))
        return -result

    def forget(self):
        if int(self._number) == 0:
            return False
        self._number.assign(0)
        return True

    def learn(self, step, change, gradient):
        if change @ step <= _CURVED * np.linalg.norm(step) * np.linalg.norm(change):
            return
        for variable, row in ((self._moves, step), (self._changes, change)):
            older = ops.convert_to_numpy(variable)[:-1]
            variable.assign(np.concatenate([row[None], older]))
        self._number.assign_add(1)
