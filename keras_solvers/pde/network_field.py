"""The outputs of a network as fields: derivatives layer by layer."""

import keras
from keras import ops

from keras_solvers.derivatives import directional_derivative
from keras_solvers.pde.field import Field
from keras_solvers.pde.functions import apply


def network_fields(network, coordinates):
    """The outputs of a network of points, a `Field` each.

    Args:
        network: Keras model `(num_points, dimensions) -> (num_points, num_outputs)`. Chains of
            `Dense`, `Rescaling` and `Activation` are differentiated layer by layer, in one pass
            for all derivatives; what comes before the last layer of another kind, and networks
            that are no chain, by automatic differentiation, nested for each order.
        coordinates: Names of the coordinates.
    """
    head, layers = _split(network)
    values = _Head(head, coordinates)
    for layer in layers:
        values = _RULES[type(layer)](layer, values)
    return tuple(_Output(values, i) for i in range(network.output_shape[-1]))


def _split(network):
    """A function of points, and the layers after it that have rules."""
    layers = [la for la in network.layers if not isinstance(la, keras.layers.InputLayer)]
    try:
        befores = [*network.inputs, *(layer.output for layer in layers)]
        known = len(layers)
        while known > 0 and _has_rule(layers[known - 1], befores[known - 1]):
            known -= 1
        if befores[-1] is not network.outputs[0]:
            known = len(layers)
    except (AttributeError, ValueError):  # no functional model, or a layer that is called twice
        return network, []
    if known == 0:
        return None, layers
    if known == len(layers):
        return network, []
    return keras.Model(network.inputs[0], befores[known]), layers[known:]


def _has_rule(layer, before):
    # A layer that computes in another precision than its weights have casts on the way.
    same = layer.compute_dtype == layer.variable_dtype
    return type(layer) in _RULES and same and layer.input is before


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


_RULES = {
    keras.layers.Dense: lambda layer, before: _activated(layer, _Affine(layer, before)),
    keras.layers.Activation: _activated,
    keras.layers.Rescaling: _Rescaled,
}
