"""Fields: functions of points that know their derivatives, so that equations read as on paper."""

import abc
import functools
import typing
from collections.abc import Callable

import numpy as np
from keras import ops

from keras_solvers.pinn.fields.evaluation import Evaluation
from keras_solvers.pinn.fields.rules import Operator, incremented, plus, times


class Field(np.lib.mixins.NDArrayOperatorsMixin, abc.ABC):
    """A scalar function of points, with the arithmetic of NumPy and derivatives as attributes.

    `u.x` is the derivative in the coordinate `x`, `u.xxt` a third derivative; `u * u`, `np.sin(u)`
    and all other results are fields again, so `(u**2 / 2).x` and `(u.x).y` are right as well.

    Derivatives are propagated forward, from the coordinates through the layers of a network and
    through the formula that uses it: all derivatives of an equation in one pass, which shares
    common parts (Taylor mode; Griewank and Walther, Evaluating Derivatives, 2008, chapter 13).

    Args:
        coordinates: Names of the first columns of points, one letter each.

    Raises:
        AttributeError: If a derivative is asked for in something that is no coordinate.
        TypeError: If it is combined with something that is neither a field nor a number.
    """

    imag = 0.0
    # Applies functions of NumPy to fields: set by `algebra`, which needs this class.
    combine: typing.ClassVar[Callable]

    def __init__(self, coordinates):
        self.coordinates = coordinates

    @property
    def real(self):
        """The field itself: it has no imaginary part."""
        return self

    @abc.abstractmethod
    def differentiate(self, at, order):
        """The partial derivative at the points of an `Evaluation`.

        Args:
            at: The `Evaluation`.
            order: How often in each coordinate, a tuple.

        Returns:
            `(num_points,)`, or a number that is the same at all points: 0.0 where it vanishes.
        """

    def partial(self, at, order):
        """`differentiate`, computed once for the same points."""
        return at.once((id(self), order), lambda: self.differentiate(at, order))

    def operate(self, at, operator):
        """An `Operator` applied to the field, at the points of an `Evaluation`.

        Sums, products and functions override this: they need the gradient and the same operator
        of their arguments, instead of each derivative (the forward Laplacian; Li et al., A
        computational framework for neural network-based variational Monte Carlo, 2024).
        """
        none, total = (0,) * len(self.coordinates), 0.0
        for number, factors in ((1, operator.first), (2, operator.second)):
            for axis, factor in enumerate(factors):
                if factor:
                    part = self.partial(at, incremented(none, axis, number))
                    total = plus(total, times(factor, part))
        return total

    def operated(self, at, operator):
        """`operate`, computed once for the same points."""
        return at.once((id(self), operator), lambda: self.operate(at, operator))

    def as_operator(self):
        """`(field, operator)` if this is a field with an `Operator` applied to it, or `None`."""
        return None

    def value(self, at):
        """The field itself at the points of an `Evaluation`, `(num_points,)`."""
        return at.full(self.partial(at, (0,) * len(self.coordinates)))

    def __call__(self, points):
        """Values `(num_points,)` at points `(num_points, columns)`."""
        return self.value(Evaluation(ops.convert_to_tensor(points)))

    def __getattr__(self, name):
        coordinates = self.__dict__.get("coordinates", "")
        if not name or not set(name) <= set(coordinates):
            raise AttributeError(
                f"A derivative is named by coordinates, here of {', '.join(coordinates)}. "
                f"Received: {name}"
            )
        return Derivative(self, tuple(name.count(c) for c in coordinates))

    def derivative(self, coordinate):
        """The partial derivative in a coordinate."""
        return getattr(self, coordinate)

    def laplacian(self, coordinates=None):
        """`div grad` in some coordinates, such as `"xy"`; in all if `None`."""
        return Laplacian(self, [self.coordinates.index(c) for c in coordinates or self.coordinates])

    def shifted(self, **distances):
        """The field at shifted points: `u.shifted(x=2.0)` at `(x, y)` is `u` at `(x + 2, y)`."""
        unknown = sorted(distances.keys() - set(self.coordinates))
        if unknown:
            raise ValueError(
                f"`shifted` takes distances along {', '.join(self.coordinates)}. "
                f"Received: {', '.join(unknown)}"
            )
        return Shifted(self, [distances.get(c, 0.0) for c in self.coordinates])

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        if method != "__call__" or kwargs:
            return NotImplemented
        return self.combine(ufunc, inputs)


class Derivative(Field):
    """A partial derivative of a field."""

    def __init__(self, field, order):
        super().__init__(field.coordinates)
        if isinstance(field, Derivative):  # `u.x.x` is `u.xx`
            field, order = field.field, tuple(np.add(field.order, order).tolist())
        self.field, self.order = field, order

    def differentiate(self, at, order):
        return self.field.partial(at, tuple(np.add(self.order, order).tolist()))

    def as_operator(self):
        if sum(self.order) > 2 or max(self.order) != sum(self.order):
            return None
        numbers = [tuple(float(n == k) for n in self.order) for k in (1, 2)]
        return self.field, Operator(*numbers)


class Laplacian(Field):
    """A sum of second derivatives of a field."""

    def __init__(self, field, axes):
        super().__init__(field.coordinates)
        self.field, self.axes = field, axes

    def differentiate(self, at, order):
        if not any(order):
            return self.field.operated(at, self.as_operator()[1])
        return functools.reduce(
            plus, (self.field.partial(at, incremented(order, axis, 2)) for axis in self.axes)
        )

    def as_operator(self):
        number = len(self.coordinates)
        second = tuple(float(axis in self.axes) for axis in range(number))
        return self.field, Operator((0.0,) * number, second)


class Shifted(Field):
    """A field at shifted points."""

    def __init__(self, field, distances):
        super().__init__(field.coordinates)
        self.field, self.distances = field, distances

    def differentiate(self, at, order):
        def shifted():
            extra = at.points.shape[1] - len(self.distances)
            steps = ops.convert_to_tensor(self.distances + [0.0] * extra, at.points.dtype)
            return Evaluation(at.points + steps)

        return self.field.partial(at.once(tuple(self.distances), shifted), order)
