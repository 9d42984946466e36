"""Fields: functions of points that know their derivatives, so that equations read as on paper."""

import numpy as np
from keras import ops

from keras_solvers.derivatives import directional_derivative

_FUNCTIONS = {  # what NumPy calls them: what Keras calls them
    np.add: ops.add,
    np.subtract: ops.subtract,
    np.multiply: ops.multiply,
    np.true_divide: ops.true_divide,
    np.power: ops.power,
    np.negative: ops.negative,
    np.positive: lambda u: u,
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
    np.square: ops.square,
    np.absolute: ops.absolute,
    np.maximum: ops.maximum,
    np.minimum: ops.minimum,
}


class Field(np.lib.mixins.NDArrayOperatorsMixin):
    """A scalar function of points, with the arithmetic of NumPy and derivatives as attributes.

    `u.x` is the derivative in the coordinate `x`, `u.xxt` a third one; `u * u`, `np.sin(u)` and
    all other results are fields again, so `(u**2 / 2).x` and `(u.x).y` are right as well.

    Args:
        function: From points `(num_points, columns)` to `(num_points,)`.
        coordinates: Names of the first columns, one letter each.

    Raises:
        AttributeError: If a derivative is asked for in something that is no coordinate.
        TypeError: If it is combined with something that is neither a field nor a number.
    """

    def __init__(self, function, coordinates):
        self._function = function
        self._coordinates = coordinates

    def __call__(self, points):
        """Values `(num_points,)` at points `(num_points, columns)`."""
        return self._function(points)

    def __getattr__(self, name):
        coordinates = self.__dict__.get("_coordinates", "")
        if not name or not set(name) <= set(coordinates):
            raise AttributeError(
                f"A derivative is named by coordinates, here of {', '.join(coordinates)}. "
                f"Received: {name}"
            )
        field = self
        for letter in name:
            field = field.derivative(letter)
        return field

    def derivative(self, coordinate):
        """The partial derivative in a coordinate."""

        def derivative(points):
            column = self._coordinates.index(coordinate)
            direction = [float(i == column) for i in range(points.shape[1])]
            return directional_derivative(self._function, direction)(points)

        return Field(derivative, self._coordinates)

    def shifted(self, **distances):
        """The field at another place: `u.shifted(x=2.0)` at `(x, y)` is `u` at `(x + 2, y)`."""
        unknown = sorted(distances.keys() - set(self._coordinates))
        if unknown:
            raise ValueError(
                f"`shifted` takes distances along {', '.join(self._coordinates)}. "
                f"Received: {', '.join(unknown)}"
            )

        def elsewhere(points):
            steps = [distances.get(c, 0.0) for c in self._coordinates]
            steps += [0.0] * (points.shape[1] - len(steps))
            return self._function(points + ops.convert_to_tensor(steps, points.dtype))

        return Field(elsewhere, self._coordinates)

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        function = _FUNCTIONS.get(ufunc)
        if method != "__call__" or kwargs or function is None:
            return NotImplemented
        numbers = [v for v in inputs if not isinstance(v, Field)]
        if any(np.ndim(v) for v in numbers):
            raise TypeError(
                "A field is combined with other fields and with numbers: an array has no value "
                f"at other points. Received: {numbers[0]!r}"
            )

        def combined(points):
            return function(*(v(points) if isinstance(v, Field) else v for v in inputs))

        return Field(combined, self._coordinates)
