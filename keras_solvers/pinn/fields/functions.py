"""Functions of fields, with their derivatives of any order."""

import functools

import keras
import numpy as np
from keras import ops

from keras_solvers.numerics.derivatives import directional_derivative
from keras_solvers.pinn.fields.field import Field
from keras_solvers.pinn.fields.rules import changed, plus, slopes, splits, times


def apply(function, field):
    """A function of one argument of a field."""
    if function in _SLOPES:
        return Recurring(function, field, _SLOPES[function])
    return Composed(function, field)


class Recurring(Field):
    """A function of a field whose derivative is a formula of its values: `tanh' = 1 - tanh^2`.

    `y' = slope h'` is differentiated instead of the function: cheaper than `Composed`.

    Args:
        function: Of an array, element by element.
        argument: The field.
        slope: From this field and the argument to the field of the derivative.
    """

    def __init__(self, function, argument, slope):
        super().__init__(argument.coordinates)
        self.function, self.argument, self._make = function, argument, slope

    @functools.cached_property
    def _slope(self):
        return self._make(self, self.argument)

    def differentiate(self, at, order):
        if not any(order):
            value = self.argument.partial(at, order)
            return self.function(value if np.ndim(value) else at.full(value))
        first = next(i for i, number in enumerate(order) if number)
        total = 0.0
        for part, rest, number in splits(changed(order, first, -1)):
            inner = self.argument.partial(at, changed(rest, first, 1))
            total = plus(total, times(number, times(self._slope.partial(at, part), inner)))
        return total

    def operate(self, at, operator):
        none = (0,) * len(self.coordinates)
        straight = times(self._slope.partial(at, none), self.argument.operated(at, operator))
        return plus(straight, slopes(self._slope, self.argument, at, operator))


class Composed(Field):
    """A function of fields: the rule of Faa di Bruno.

    Args:
        function: Of one array for each field, element by element.
        arguments: The fields; of any shape, all the same.
    """

    def __init__(self, function, *arguments):
        super().__init__(arguments[0].coordinates)
        self.function, self.arguments = function, arguments

    def differentiate(self, at, order):
        return self._chained(at, (0,) * len(self.arguments), order)

    def _chained(self, at, outer, order):
        """The derivative of order `order` of `(d^outer function)(arguments)`."""
        if not any(order):
            return at.once((id(self), "outer", outer), lambda: self._outer(at, outer))
        return at.once((id(self), outer, order), lambda: self._chain_rule(at, outer, order))

    def _chain_rule(self, at, outer, order):
        first = next(i for i, number in enumerate(order) if number)
        remaining = changed(order, first, -1)
        total = 0.0
        for j, argument in enumerate(self.arguments):
            for part, rest, number in splits(remaining):
                slope = argument.partial(at, changed(rest, first, 1))
                factor = self._chained(at, changed(outer, j, 1), part)
                total = plus(total, times(number, times(factor, slope)))
        return total

    def operate(self, at, operator):
        none = (0,) * len(self.coordinates)
        total = 0.0
        for j, u in enumerate(self.arguments):
            first = changed((0,) * len(self.arguments), j, 1)
            total = plus(total, times(self._chained(at, first, none), u.operated(at, operator)))
            for k, v in enumerate(self.arguments):
                second = self._chained(at, changed(first, k, 1), none)
                total = plus(total, times(second, slopes(u, v, at, operator)))
        return total

    def _outer(self, at, outer):
        none = (0,) * len(self.coordinates)
        values = [a.partial(at, none) for a in self.arguments]
        values = [v if np.ndim(v) else at.full(v) for v in values]
        shape = ops.shape(values[0])

        def function(columns):
            return self.function(*(columns[:, j] for j in range(len(values))))

        for j, number in enumerate(outer):
            direction = [float(i == j) for i in range(len(values))]
            for _ in range(number):
                function = directional_derivative(function, direction)
        columns = ops.stack([ops.reshape(v, (-1,)) for v in values], axis=-1)
        return ops.reshape(function(columns), shape)


_SLOPES = {  # the derivative, from the value `y` and the argument
    ops.tanh: lambda y, h: 1.0 - y * y,
    keras.activations.tanh: lambda y, h: 1.0 - y * y,
    keras.activations.sigmoid: lambda y, h: y - y * y,
    ops.exp: lambda y, h: y,
    ops.reciprocal: lambda y, h: -y * y,
    ops.sqrt: lambda y, h: 0.5 / y,
    ops.sin: lambda y, h: apply(ops.cos, h),
    ops.cos: lambda y, h: -apply(ops.sin, h),
}
