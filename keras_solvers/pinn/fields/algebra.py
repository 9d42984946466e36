"""Arithmetic and functions of NumPy, applied to fields."""

import functools

import numpy as np
from keras import ops

from keras_solvers.pinn.fields.arithmetic import Indicator, Product, Sum
from keras_solvers.pinn.fields.complex_field import Modulus, combine_complex, is_complex
from keras_solvers.pinn.fields.field import Field
from keras_solvers.pinn.fields.functions import Composed, apply

_FUNCTIONS = {  # of NumPy: of Keras
    np.true_divide: ops.true_divide,
    np.power: ops.power,
    np.sin: ops.sin,
    np.cos: ops.cos,
    np.tan: ops.tan,
    np.sinh: ops.sinh,
    np.cosh: ops.cosh,
    np.tanh: ops.tanh,
    np.arcsin: ops.arcsin,
    np.arccos: ops.arccos,
    np.arctan: ops.arctan,
    np.arctan2: ops.arctan2,
    np.arcsinh: ops.arcsinh,
    np.exp: ops.exp,
    np.expm1: ops.expm1,
    np.log: ops.log,
    np.log1p: ops.log1p,
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
    """Applies a function of NumPy to fields and numbers; the result is a field.

    Raises:
        TypeError: If it is not known for fields, or an array is among them.
    """
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
        result = _ARITHMETIC[ufunc](*inputs)
        if result is not None:
            return result
    if ufunc not in _FUNCTIONS:
        raise TypeError(
            f"`np.{ufunc.__name__}` is not known for fields. Known are arithmetic, comparisons and "
            f"{', '.join(sorted(known.__name__ for known in _FUNCTIONS))}."
        )

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
        return _multiply(a, apply(ops.reciprocal, b))
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

Field.combine = staticmethod(combine)
