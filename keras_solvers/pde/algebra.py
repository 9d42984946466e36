"""Sums, products and functions of fields, with their derivatives of any order."""

import functools
import itertools
import math

import keras
import numpy as np
from keras import ops

from keras_solvers.derivatives import directional_derivative
from keras_solvers.pde.field import Field, changed, plus, times

_FUNCTIONS = {  # what NumPy calls them: what Keras calls them
    np.true_divide: ops.true_divide,
    np.power: ops.power,
    np.sin: ops.sin,
    np.cos: ops.cos,
    np.tan: ops.tan,
    np.sinh: ops.sinh,
    np.cosh: ops.cosh,
    np.tanh: ops.tanh,
    np.arctan2: ops.arctan2,
    np.exp: ops.exp,
    np.log: ops.log,
    np.sqrt: ops.sqrt,
    np.absolute: ops.absolute,
    np.maximum: ops.maximum,
    np.minimum: ops.minimum,
}
_LARGEST_PRODUCT = 4  # powers up to here are products: exact, also where the base is zero


def combine(ufunc, inputs):
    """What a function of NumPy makes of fields and numbers: a field, or `NotImplemented`."""
    fields = [v for v in inputs if isinstance(v, Field)]
    numbers = [v for v in inputs if not isinstance(v, Field)]
    if any(np.ndim(v) for v in numbers):
        raise TypeError(
            "A field is combined with other fields and with numbers: an array has no value "
            f"at other points. Received: {numbers[0]!r}"
        )
    if ufunc in _ARITHMETIC:
        made = _ARITHMETIC[ufunc](*inputs)
        if made is not None:
            return made
    if ufunc not in _FUNCTIONS:
        return NotImplemented

    def function(*arguments):
        remaining = iter(arguments)
        return _FUNCTIONS[ufunc](*(next(remaining) if isinstance(v, Field) else v for v in inputs))

    if len(inputs) == 1:
        return apply(_FUNCTIONS[ufunc], *fields)
    return Composed(function, *fields)


def apply(function, field):
    """A function of one argument of a field."""
    if function in _SLOPES:
        return Recurring(function, field, _SLOPES[function])
    return Composed(function, field)


def _add(a, b):
    return Sum((1.0, a), (1.0, b))


def _multiply(a, b):
    if isinstance(a, Field) and isinstance(b, Field):
        return Product(a, b)
    return Sum((b, a)) if isinstance(a, Field) else Sum((a, b))


def _divide(a, b):
    if isinstance(b, Field):
        return _multiply(a, Composed(ops.reciprocal, b))
    return Sum((1.0 / b, a))


def _power(a, b):
    if isinstance(b, Field) or b not in range(1, _LARGEST_PRODUCT + 1):
        return None
    return functools.reduce(Product, [a] * int(b))


_ARITHMETIC = {
    np.add: _add,
    np.subtract: lambda a, b: Sum((1.0, a), (-1.0, b)),
    np.negative: lambda a: Sum((-1.0, a)),
    np.positive: lambda a: a,
    np.multiply: _multiply,
    np.true_divide: _divide,
    np.power: _power,
    np.square: lambda a: Product(a, a),
}


_SLOPES = {  # the derivative, from the value `y` and the argument
    ops.tanh: lambda y, h: 1.0 - y * y,
    keras.activations.tanh: lambda y, h: 1.0 - y * y,
    keras.activations.sigmoid: lambda y, h: y - y * y,
    ops.exp: lambda y, h: y,
    ops.sin: lambda y, h: apply(ops.cos, h),
    ops.cos: lambda y, h: -apply(ops.sin, h),
}


class Sum(Field):
    """A sum of numbers times fields or numbers."""

    def __init__(self, *terms):
        super().__init__(next(t.coordinates for _, t in terms if isinstance(t, Field)))
        self.terms = [(float(factor), t) for factor, t in terms if isinstance(t, Field)]
        self.constant = float(sum(factor * t for factor, t in terms if not isinstance(t, Field)))

    def differentiate(self, at, order):
        total = 0.0 if any(order) else self.constant
        for factor, term in self.terms:
            total = plus(total, times(factor, term.partial(at, order)))
        return total

    def curvature(self, at, axes):
        parts = (times(factor, term.curvature(at, axes)) for factor, term in self.terms)
        return functools.reduce(plus, parts, 0.0)


class Product(Field):
    """A product of two fields: the rule of Leibniz."""

    def __init__(self, first, second):
        super().__init__(first.coordinates)
        self.first, self.second = first, second

    def differentiate(self, at, order):
        total = 0.0
        for part, rest, number in _splits(order):
            both = times(self.first.partial(at, part), self.second.partial(at, rest))
            total = plus(total, times(number, both))
        return total

    def curvature(self, at, axes):
        none = (0,) * len(self.coordinates)
        total = plus(
            times(self.first.partial(at, none), self.second.curvature(at, axes)),
            times(self.second.partial(at, none), self.first.curvature(at, axes)),
        )
        return plus(total, times(2.0, _slopes(self.first, self.second, at, axes)))


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
        for part, rest, number in _splits(changed(order, first, -1)):
            inner = self.argument.partial(at, changed(rest, first, 1))
            total = plus(total, times(number, times(self._slope.partial(at, part), inner)))
        return total

    def curvature(self, at, axes):
        none = (0,) * len(self.coordinates)
        straight = times(self._slope.partial(at, none), self.argument.curvature(at, axes))
        return plus(straight, _slopes(self._slope, self.argument, at, axes))


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
            for part, rest, number in _splits(remaining):
                slope = argument.partial(at, changed(rest, first, 1))
                factor = self._chained(at, changed(outer, j, 1), part)
                total = plus(total, times(number, times(factor, slope)))
        return total

    def curvature(self, at, axes):
        none = (0,) * len(self.coordinates)
        total = 0.0
        for j, u in enumerate(self.arguments):
            first = changed((0,) * len(self.arguments), j, 1)
            total = plus(total, times(self._chained(at, first, none), u.curvature(at, axes)))
            for k, v in enumerate(self.arguments):
                second = self._chained(at, changed(first, k, 1), none)
                total = plus(total, times(second, _slopes(u, v, at, axes)))
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


def _splits(order):
    """All `(part, order - part, number)` of the rule of Leibniz: how many ways there are."""
    for part in itertools.product(*(range(n + 1) for n in order)):
        rest = tuple(n - k for n, k in zip(order, part, strict=True))
        yield (
            part,
            rest,
            float(math.prod(math.comb(n, k) for n, k in zip(order, part, strict=True))),
        )


def _slopes(u, v, at, axes):
    """The product of two gradients, in some coordinates."""
    none = (0,) * len(u.coordinates)
    units = [changed(none, axis, 1) for axis in axes]
    parts = (times(u.partial(at, unit), v.partial(at, unit)) for unit in units)
    return functools.reduce(plus, parts, 0.0)
