"""The outputs of a network as fields: derivatives layer by layer."""

import functools
import operator

import keras
from keras import ops

from keras_solvers.derivatives import directional_derivative
from keras_solvers.layers import AdaptiveActivation, AdaptiveSkip
from keras_solvers.pde.field import Field
from keras_solvers.pde.functions import apply


def network_fields(network, coordinates):
    """The outputs of a network of points, a `Field` each.

    Args:
        network: Keras model `(num_points, dimensions) -> (num_points, num_outputs)`. `Dense`,
            `Rescaling`, `Activation`, `Add`, `Subtract`, `Multiply` and the layers of this library
            for coordinates are differentiated layer by layer, in one pass for all derivatives; a
            layer of another kind, with all before it, by automatic differentiation, nested for
            each order.
        coordinates: Names of the coordinates.
    """
    values = _Graph(network, coordinates).output()
    return tuple(_Output(values, i) for i in range(network.output_shape[-1]))


class _Graph:
    """The fields that the layers of a functional model make; each once, however often used."""

    def __init__(self, network, coordinates):
        self._network, self._coordinates = network, coordinates
        self._fields, self._makers = {}, {}
        try:
            self._fields[id(network.inputs[0])] = _Head(None, coordinates)
            self._makers = {id(la.output): la for la in network.layers if _has_rule(la)}
        except (AttributeError, ValueError):  # no functional model, or a layer called twice
            self._fields.clear()

    def output(self):
        if not self._fields:
            return _Head(self._network, self._coordinates)
        return self._field(self._network.outputs[0])

    def _field(self, tensor):
        if id(tensor) not in self._fields:
            layer = self._makers.get(id(tensor))
            if layer is None:
                head = keras.Model(self._network.inputs[0], tensor)
                made = _Head(head, self._coordinates)
            else:
                befores = layer.input if isinstance(layer.input, list) else [layer.input]
                made = _RULES[type(layer)](layer, *map(self._field, befores))
            self._fields[id(tensor)] = made
        return self._fields[id(tensor)]


def _has_rule(layer):
    # A layer that computes in another precision than its weights have casts on the way.
    return type(layer) in _RULES and layer.compute_dtype == layer.variable_dtype


class _Head(Field):
    """What a function makes of the coordinates, `(num_points, width)`; `None`: nothing."""

    def __init__(self, function, coordinates):
        super().__init__(coordinates)
        self.function = function

    def differentiate(self, at, order):
        dimensions = len(order)
        points = at.points[:, :dimensions]
        if self.function is None:
            if sum(order) > 1:
                return 0.0
            unit = [[float(n) for n in order]]  # one row: the same at all points
            return ops.convert_to_tensor(unit, points.dtype) if any(order) else points
        function = self.function
        for i, number in enumerate(order):
            for _ in range(number):
                direction = [float(i == j) for j in range(dimensions)]
                function = directional_derivative(function, direction)
        return function(points)


class _Affine(Field):
    """`kernel` and `bias` of a `Dense` layer, before its activation."""

    def __init__(self, layer, before):
        super().__init__(before.coordinates)
        self.layer, self.before = layer, before

    def differentiate(self, at, order):
        value = self._linear(self.before.partial(at, order))
        return value if any(order) or not self.layer.use_bias else value + self.layer.bias

    def operate(self, at, operator):
        return self._linear(self.before.operated(at, operator))

    def _linear(self, value):
        return value if isinstance(value, float) else ops.matmul(value, self.layer.kernel)


class _Rescaled(_Affine):
    """A `Rescaling` layer."""

    def differentiate(self, at, order):
        value = self._linear(self.before.partial(at, order))
        return value if any(order) else value + ops.cast(self.layer.offset, value.dtype)

    def _linear(self, value):
        if isinstance(value, float):
            return value
        return value * ops.cast(self.layer.scale, value.dtype)


class _Scaled(_Affine):
    """Times the trained `factor` of a layer."""

    def differentiate(self, at, order):
        return self._linear(self.before.partial(at, order))

    def _linear(self, value):
        return value if isinstance(value, float) else value * self.layer.factor


class _Output(Field):
    """One column of a field of several."""

    def __init__(self, values, number):
        super().__init__(values.coordinates)
        self.values, self.number = values, number

    def differentiate(self, at, order):
        return self._column(self.values.partial(at, order))

    def operate(self, at, operator):
        return self._column(self.values.operated(at, operator))

    def _column(self, value):
        return value if isinstance(value, float) else value[:, self.number]


def _activated(layer, values):
    linear = layer.activation is keras.activations.linear
    return values if linear else apply(layer.activation, values)


def _blended(layer, x, y):
    return x + _Scaled(layer, y - x)


_RULES = {
    keras.layers.Dense: lambda layer, before: _activated(layer, _Affine(layer, before)),
    keras.layers.Activation: _activated,
    keras.layers.Rescaling: _Rescaled,
    keras.layers.Add: lambda layer, *befores: functools.reduce(operator.add, befores),
    keras.layers.Subtract: lambda layer, x, y: x - y,
    keras.layers.Multiply: lambda layer, *befores: functools.reduce(operator.mul, befores),
    AdaptiveActivation: lambda layer, before: apply(layer.activation, _Scaled(layer, before)),
    AdaptiveSkip: _blended,
}
