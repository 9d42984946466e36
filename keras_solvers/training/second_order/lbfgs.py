"""A quasi-Newton method of limited memory."""

import keras
import numpy as np
from keras import ops

from keras_solvers.training.second_order.quasi_newton import QuasiNewton


class LBFGS(QuasiNewton):
    """BFGS from the last few steps alone, for any number of parameters (Nocedal, 1980).

    Args:
        memory: Number of steps that are kept.
        tolerance: The training ends when the loss is below this.
    """

    def __init__(self, memory=20, tolerance=0.0):
        super().__init__(tolerance)
        self.memory = memory

    def build(self, variables):
        size = sum(int(np.prod(v.shape)) for v in variables)
        empty = np.zeros((self.memory, size))
        self._steps = keras.Variable(empty, dtype="float64", name="steps")
        self._changes = keras.Variable(empty, dtype="float64", name="changes")
        self._num_steps = keras.Variable(0, dtype="int32", name="num_steps")
        self.variables = (self._steps, self._changes, self._num_steps)
        self.built = True

    def direction(self, gradient):
        """`-H g` by the two loops of Nocedal and Wright, 2006, algorithm 7.4."""
        steps, changes = (ops.convert_to_numpy(v) for v in (self._steps, self._changes))
        number = min(int(self._num_steps), self.memory)
        result, factors = gradient.copy(), np.zeros(self.memory)
        for i in range(number):  # the newest stands first
            factors[i] = steps[i] @ result / (steps[i] @ changes[i])
            result -= factors[i] * changes[i]
        if number:
            result *= steps[0] @ changes[0] / (changes[0] @ changes[0])
        for i in reversed(range(number)):
            result += steps[i] * (factors[i] - changes[i] @ result / (steps[i] @ changes[i]))
        return -result

    def reset(self):
        if int(self._num_steps) == 0:
            return False
        self._num_steps.assign(0)
        return True

    def update(self, step, change, gradient):
        for variable, row in ((self._steps, step), (self._changes, change)):
            older = ops.convert_to_numpy(variable)[:-1]
            variable.assign(np.concatenate([row[None], older]))
        self._num_steps.assign_add(1)
