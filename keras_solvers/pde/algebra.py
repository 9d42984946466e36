"""Sums and products of fields, and what functions of NumPy make of them."""

import functools

import numpy as np
from keras import ops

from keras_solvers.pde.complex_field import Modulus, combine_complex, is_complex
from keras_solvers.pde.field import Field, Operator
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
_COMPARISONS = {
    np.less: ops.less,
    np.less_equal: ops.less_equal,
    np.greater: ops.greater,
    np.greater_equal: ops.greater_equal,
}
_LARGEST_PRODUCT = 4  # powers up to here are products: exact, also where the base is zero


def combine(ufunc, inputs):
    """What a function of NumPy makes of fields and numbers: a field, or `NotImplemented`."""
    if any(map(is_complex, inputs)):
        return combine_complex(ufunc, inputs)
    fields = [v for v in inputs if isinstance(v, Field)]
    numbers = [v for v in inputs if not isinstance(v, Field)]
    if any(np.ndim(v) for v in numbers):
        raise TypeError(
            "A field is combined with other fields and with numbers: an array has no value "
            f"at other points. Received: {numbers[0]!r}"
        )
    if ufunc in _COMPARISONS:
        return Indicator(_COMPARISONS[ufunc], *inputs)
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
    if isinstance(a, Modulus) and b % 2 == 0:
        a, b = a.square, b // 2
    return functools.reduce(Product, [a] * int(b))


_ARITHMETIC = {
    np.add: _add,
    np.subtract: lambda a, b: Sum((1.0, a), (-1.0, b)),
    np.negative: lambda a: Sum((-1.0, a)),
    np.positive: lambda a: a,
    np.multiply: _multiply,
    np.true_divide: _divide,
    np.power: _power,
    np.square: lambda a: _power(a, 2),
    np.conjugate: lambda a: a,
}


class Sum(Field):
    """A sum of numbers times fields or numbers; sums of sums are one.

    First and second derivatives of the same field, as in `u.t - nu * u.xx`, are propagated
    together, as one `Operator`, instead of each by itself.
    """

    def __init__(self, *terms):
        super().__init__(next(t.coordinates for _, t in terms if isinstance(t, Field)))
        self.constant, parts = 0.0, []
        for factor, term in terms:
            if isinstance(term, Sum):
                parts += [(factor * inner, t) for inner, t in term.terms]
                term = term.constant
            if isinstance(term, Field):
                parts.append((factor, term))
            else:
                self.constant += float(factor * term)
        once = {}  # each term once, however often it is added
        for factor, term in parts:
            once[id(term)] = (once.get(id(term), (0.0,))[0] + float(factor), term)
        self.terms = [row for row in once.values() if row[0]]

    def differentiate(self, at, order):
        if any(order):
            return self._of_terms(lambda term: term.partial(at, order))
        total, (single, together) = self.constant, self._grouped
        for factor, term in single:
            total = plus(total, times(factor, term.partial(at, order)))
        for factor, field, operator in together:
            total = plus(total, times(factor, field.operated(at, operator)))
        return total

    def operate(self, at, operator):
        return self._of_terms(lambda term: term.operated(at, operator))

    def _of_terms(self, value):
        parts = (times(factor, value(term)) for factor, term in self.terms)
        return functools.reduce(plus, parts, 0.0)

    @functools.cached_property
    def _grouped(self):
        """Terms by themselves, and `(factor, field, operator)` of those that go together."""
        groups, single, together = {}, [], []
        for factor, term in self.terms:
            field, operator = term.as_operator() or (term, None)
            groups.setdefault(id(field), (field, []))[1].append((factor, term, operator))
        for field, group in groups.values():
            operators = [(factor, operator) for factor, _, operator in group if operator]
            total = functools.reduce(lambda a, b: a.plus(*b), operators, _nothing(field))
            if len(operators) > 1 and any(total.second):
                scale, operator = total.scaled()
                together.append((scale, field, operator))
                group = [row for row in group if row[2] is None]
            single += [(factor, term) for factor, term, _ in group]
        return single, together


def _nothing(field):
    none = (0.0,) * len(field.coordinates)
    return Operator(none, none)


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

    def operate(self, at, operator):
        first, second = self.first, self.second
        none = (0,) * len(self.coordinates)
        total = plus(
            times(first.partial(at, none), second.operated(at, operator)),
            times(second.partial(at, none), first.operated(at, operator)),
        )
        return plus(total, times(2.0, slopes(first, second, at, operator)))


class Indicator(Field):
    """1 where a comparison of fields and numbers holds, and 0 elsewhere: `x.x < 0.5`.

    Its derivatives are 0; what a jump needs is stated by a condition, `interface`.
    """

    def __init__(self, comparison, *inputs):
        super().__init__(next(v.coordinates for v in inputs if isinstance(v, Field)))
        self.comparison, self.inputs = comparison, inputs

    def differentiate(self, at, order):
        if any(order):
            return 0.0
        values = (v.partial(at, order) if isinstance(v, Field) else v for v in self.inputs)
        return ops.cast(self.comparison(*values), at.points.dtype)
