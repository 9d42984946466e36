"""Fields with complex values, made of two real ones."""

import functools

import numpy as np
from keras import ops

from keras_solvers.pinn.fields.field import Field
from keras_solvers.pinn.fields.functions import Composed


class ComplexField(np.lib.mixins.NDArrayOperatorsMixin):
    """`real + 1j * imag`, with the arithmetic of NumPy and derivatives as attributes.

    `abs(h) ** 2` is the sum of two squares, smooth where `h` vanishes; `np.conj` and `np.exp` work
    too. An equation of complex fields is two equations of real ones.

    Args:
        real: A `Field`.
        imag: A `Field`.
    """

    def __init__(self, real, imag):
        self.coordinates = real.coordinates
        self.real, self.imag = real, imag

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return ComplexField(getattr(self.real, name), getattr(self.imag, name))

    def derivative(self, coordinate):
        """The partial derivative in a coordinate."""
        return getattr(self, coordinate)

    def laplacian(self, coordinates=None):
        """`div grad` in some coordinates, such as `"xy"`; in all if `None`."""
        return ComplexField(self.real.laplacian(coordinates), self.imag.laplacian(coordinates))

    def shifted(self, **distances):
        """The field at shifted points, as `Field.shifted`."""
        return ComplexField(self.real.shifted(**distances), self.imag.shifted(**distances))

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        if method != "__call__" or kwargs:
            return NotImplemented
        return combine_complex(ufunc, inputs)


class Modulus(Composed):
    """`|h|`; its square is smooth where `h` vanishes, and needs no root."""

    def __init__(self, h):
        self.square = h.real * h.real + h.imag * h.imag
        super().__init__(ops.sqrt, self.square)


def is_complex(value):
    """Whether a number or a field is complex."""
    return isinstance(value, (ComplexField, complex, np.complexfloating))


def real_parts(fields):
    """Real fields, two for each complex one."""
    return [
        part
        for field in fields
        for part in ((field.real, field.imag) if isinstance(field, ComplexField) else (field,))
    ]


def combine_complex(ufunc, inputs):
    """Applies a function of NumPy to complex fields and others; the result is a field.

    Raises:
        TypeError: If it is not known for complex fields.
    """
    if ufunc not in _FUNCTIONS:
        raise TypeError(
            f"`np.{ufunc.__name__}` is not known for complex fields. Known are "
            f"{', '.join(sorted(known.__name__ for known in _FUNCTIONS))}."
        )
    return _FUNCTIONS[ufunc](*inputs)


def _complex_field(real, imag, like):
    """A `ComplexField` of parts that may be plain numbers."""
    nothing = 0.0 * like.real
    return ComplexField(nothing + real, nothing + imag)


def _add(a, b):
    like = a if isinstance(a, (ComplexField, Field)) else b
    return _complex_field(np.real(a) + np.real(b), np.imag(a) + np.imag(b), like)


def _multiply(a, b):
    like = a if isinstance(a, (ComplexField, Field)) else b
    (c, d), (e, f) = (np.real(a), np.imag(a)), (np.real(b), np.imag(b))
    return _complex_field(c * e - d * f, c * f + d * e, like)


def _divide(a, b):
    return _multiply(_multiply(a, np.conjugate(b)), 1.0 / (np.real(b) ** 2 + np.imag(b) ** 2))


def _power(a, b):
    if isinstance(b, (ComplexField, Field)) or b != int(np.real(b)) or b < 1:
        raise TypeError(f"A complex field is raised to 1, 2, 3 and so on. Received: {b!r}")
    return functools.reduce(_multiply, [a] * int(b))


def _exp(a):
    return ComplexField(np.exp(a.real) * np.cos(a.imag), np.exp(a.real) * np.sin(a.imag))


_FUNCTIONS = {
    np.add: _add,
    np.subtract: lambda a, b: _add(a, -b),
    np.negative: lambda a: _multiply(-1.0, a),
    np.positive: lambda a: a,
    np.multiply: _multiply,
    np.true_divide: _divide,
    np.power: _power,
    np.square: lambda a: _multiply(a, a),
    np.conjugate: lambda a: ComplexField(a.real, -a.imag),
    np.absolute: Modulus,
    np.exp: _exp,
}
