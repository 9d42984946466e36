"""Sums and products of fields, and what functions of NumPy make of them."""

import functools

import numpy as np
from keras import ops

from keras_solvers.pde.field import Field
from keras_solvers.pde.functions import Composed, apply
from keras_solvers.pde.rules import plus, slopes, splits, times

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
        for part, rest, number in splits(order):
            both = times(self.first.partial(at, part), self.second.partial(at, rest))
            total = plus(total, times(number, both))
        return total

    def curvature(self, at, axes):
        none = (0,) * len(self.coordinates)
        total = plus(
            times(self.first.partial(at, none), self.second.curvature(at, axes)),
            times(self.second.partial(at, none), self.first.curvature(at, axes)),
        )
        return plus(total, times(2.0, slopes(self.first, self.second, at, axes)))
