"""A dense quasi-Newton method whose matrix is scaled anew in each step."""

import keras
import numpy as np
from keras import ops

from keras_solvers.training.second_order.quasi_newton import QuasiNewton


class SelfScaledBroyden(QuasiNewton):
    """A dense `H` of Broyden's family, scaled anew in each step.

    `H+ = (H - H y y^T H / (y^T H y) + phi v v^T) / tau + s s^T / (y^T s)`, with `phi` and `tau`
    of Al-Baali, who bounds the condition number of `H`: in the narrow valleys of coordinate
    networks it gains orders of magnitude over BFGS (Urban, Stefanou and Pons, Unveiling the
    optimization process of physics informed neural networks, 2025, section 3). Memory
    `num_parameters^2`, and as much work in each step: cheaper than `LevenbergMarquardt`, and it
    needs more of them.

    Args:
        tolerance: The training ends when the loss is below this.
    """

    def build(self, variables):
        size = sum(int(np.prod(v.shape)) for v in variables)
        self._inverse = keras.Variable(np.eye(size), dtype="float64", name="inverse_hessian")
        self._num_steps = keras.Variable(0, dtype="int32", name="num_steps")
        self.variables = (self._inverse, self._num_steps)
        self.built = True

    def direction(self, gradient):
        return -(self._matrix() @ gradient)

    def reset(self):
        if int(self._num_steps) == 0:
            return False
        self._inverse.assign(np.eye(self._inverse.shape[0]))
        self._num_steps.assign(0)
        return True

    def update(self, step, change, gradient):
        curvature, inverse = change @ step, self._matrix()
        if int(self._num_steps) == 0:  # the scale of the first curvature
            inverse = inverse * (curvature / (change @ change))
        image = inverse @ change
        b = -_step_length(inverse, step, gradient) * (step @ gradient) / curvature
        phi, tau = _broyden(b, change @ image / curvature, len(step))
        size = change @ image
        v = np.sqrt(size) * (step / curvature - image / size)
        inverse = (inverse - np.outer(image, image) / size + phi * np.outer(v, v)) / tau
        self._inverse.assign(inverse + np.outer(step, step) / curvature)
        self._num_steps.assign_add(1)

    def _matrix(self):
        return ops.convert_to_numpy(self._inverse)


def _step_length(inverse, step, gradient):
    """`a` of the step `s = -a H g`."""
    direction = -(inverse @ gradient)
    # Next to the minimum squares of both are below the smallest number.
    size = np.abs(direction).max()
    direction = direction / size
    return (step / size) @ direction / (direction @ direction)


def _broyden(b, h, size):
    """`(phi, tau)` from `b = s^T B s / y^T s` and `h = y^T H y / y^T s`, `B` the inverse of `H`."""
    a = max(b * h - 1.0, 1e-14)
    c = np.sqrt(a / (1.0 + a))
    least = min(1.0, h * (1.0 - c))
    theta = max((least - 1.0) / a, min(1.0 / least, (1.0 - b) / b))
    spread = 1.0 + theta * a
    root = spread ** (-1.0 / max(size - 1, 1))
    most = min(1.0, 1.0 / b)
    tau = min(most * root, spread) if theta <= 0.0 else most * min(root, 1.0 / theta)
    return (1.0 - theta) / spread, tau
