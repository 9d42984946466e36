"""The rules of differentiation that fields share."""

import itertools
import math
import typing

import numpy as np


class Operator(typing.NamedTuple):
    """`sum of first[i] d/dx_i + second[i] d^2/dx_i^2`."""

    first: tuple[float, ...]
    second: tuple[float, ...]

    def plus(self, factor, other):
        """The sum of this and a multiple of another."""
        return Operator(
            *(
                tuple(np.add(a, np.multiply(factor, b)).tolist())
                for a, b in zip(self, other, strict=True)
            )
        )

    def scaled(self):
        """`(factor, Operator)`, the same for all multiples of it."""
        factor = next(b for b in self.second + self.first if b)
        return factor, Operator(*(tuple(b / factor for b in part) for part in self))


def incremented(order, position, by):
    """A tuple of numbers with one of them increased."""
    return (*order[:position], order[position] + by, *order[position + 1 :])


def plus(a, b):
    """`a + b`, without the work where one is the number 0."""
    return b if _is(a, 0.0) else a if _is(b, 0.0) else a + b


def times(a, b):
    """`a * b`, without the work where one is the number 0 or 1."""
    if _is(a, 0.0) or _is(b, 0.0):
        return 0.0
    return b if _is(a, 1.0) else a if _is(b, 1.0) else a * b


def _is(value, number):
    return isinstance(value, float) and value == number


def leibniz_terms(order):
    """The terms `(part, order - part, binomial coefficient)` of the product rule of Leibniz."""
    for part in itertools.product(*(range(n + 1) for n in order)):
        rest = tuple(n - k for n, k in zip(order, part, strict=True))
        yield (
            part,
            rest,
            float(math.prod(math.comb(n, k) for n, k in zip(order, part, strict=True))),
        )


def gradient_product(u, v, at, operator):
    """`sum of second[i] du/dx_i dv/dx_i` with the factors `second` of an `Operator`."""
    total = 0.0
    for axis, factor in enumerate(operator.second):
        if factor:
            unit = incremented((0,) * len(operator.second), axis, 1)
            both = times(u.partial(at, unit), v.partial(at, unit))
            total = plus(total, times(factor, both))
    return total
