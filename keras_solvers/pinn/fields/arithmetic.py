"""Sums, products and comparisons of fields."""

import functools

from keras import ops

from keras_solvers.pinn.fields.field import Field
from keras_solvers.pinn.fields.rules import Operator, gradient_product, leibniz_terms, plus, times


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
        for part, rest, number in leibniz_terms(order):
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
        return plus(total, times(2.0, gradient_product(first, second, at, operator)))


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
