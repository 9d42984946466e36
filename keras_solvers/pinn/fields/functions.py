"""Functions of fields, with their derivatives of any order."""

import functools

import keras
import numpy as np
from keras import ops

from keras_solvers.numerics.derivatives import directional_derivative
from keras_solvers.pinn.fields.field import Field
from keras_solvers.pinn.fields.rules import (
    gradient_product,
    incremented,
    leibniz_terms,
    plus,
    times,
)


def apply(function, field):
    """A function of one argument of a field."""
    if function in _DERIVATIVES:
        return DifferentiatedFunction(function, field, _DERIVATIVES[function])
    return Composed(function, field)


class DifferentiatedFunction(Field):
    """A function `y = f(h)` of a field whose derivative is known: `tanh' = 1 - tanh^2`.

    Higher derivatives are those of the product `y_x = f'(h) h_x`: cheaper than `Composed`.

    Args:
        function: Of an array, element by element.
        argument: The field `h`.
        derivative: From the fields `y` and `h` to the field `f'(h)`.
    """

    def __init__(self, function, argument, derivative):
        super().__init__(argument.coordinates)
        self.function, self.argument, self._make = function, argument, derivative

    @functools.cached_property
    def _derivative(self):
        return self._make(self, self.argument)

    def differentiate(self, at, order):
        if not any(order):
            value = self.argument.partial(at, order)
            return self.function(value if np.ndim(value) else at.full(value))
        first = next(i for i, number in enumerate(order) if number)
        total = 0.0
        for part, rest, number in leibniz_terms(incremented(order, first, -1)):
            inner = self.argument.partial(at, incremented(rest, first, 1))
            total = plus(total, times(number, times(self._derivative.partial(at, part), inner)))
        return total

    def operate(self, at, operator):
        none = (0,) * len(self.coordinates)
        linear = times(self._derivative.partial(at, none), self.argument.operated(at, operator))
        return plus(linear, gradient_product(self._derivative, self.argument, at, operator))


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
        remaining = incremented(order, first, -1)
        total = 0.0
        for j, argument in enumerate(self.arguments):
            for part, rest, number in leibniz_terms(remaining):
                inner = argument.partial(at, incremented(rest, first, 1))
                factor = self._chained(at, incremented(outer, j, 1), part)
                total = plus(total, times(number, times(factor, inner)))
        return total

    def operate(self, at, operator):
        none = (0,) * len(self.coordinates)
        total = 0.0
        for j, u in enumerate(self.arguments):
            first = incremented((0,) * len(self.arguments), j, 1)
            total = plus(total, times(self._chained(at, first, none), u.operated(at, operator)))
            for k, v in enumerate(self.arguments):
                second = self._chained(at, incremented(first, k, 1), none)
                total = plus(total, times(second, gradient_product(u, v, at, operator)))
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


_DERIVATIVES = {  # the derivative, from the value `y` and the argument
    ops.tanh: lambda y, h: 1.0 - y * y,
    keras.activations.tanh: lambda y, h: 1.0 - y * y,
    keras.activations.sigmoid: lambda y, h: y - y * y,
    ops.exp: lambda y, h: y,
    ops.reciprocal: lambda y, h: -y * y,
    ops.sqrt: lambda y, h: 0.5 / y,
    ops.sin: lambda y, h: apply(ops.cos, h),
    ops.cos: lambda y, h: -apply(ops.sin, h),
}
