"""The outputs of a network as fields: derivatives layer by layer."""

import keras
from keras import ops

from keras_solvers.numerics.derivatives import directional_derivative
from keras_solvers.pinn.fields.field import Field
from keras_solvers.pinn.fields.layer_rules import rule_of


def network_fields(network, coordinates):
    """The outputs of a network of points, a `Field` each.

    Args:
        network: Keras model `(num_points, dimensions) -> (num_points, num_outputs)`. `Dense`,
            `Rescaling`, `Activation`, `Add`, `Subtract`, `Multiply`, `Concatenate` and layers with
            a method `field_rule(*fields)` are differentiated layer by layer, in one pass for all
            derivatives; a layer of another kind, with all before it, by automatic
            differentiation, nested for each order. Of a layer with `needs_coordinates` the rule
            holds if the coordinates themselves enter it.
        coordinates: Names of the coordinates.
    """
    values = _Graph(network, _Head(None, coordinates)).output()
    return tuple(_Output(values, i) for i in range(network.output_shape[-1]))


class _Graph:
    """The fields that the layers of a functional model make; each once, however often used."""

    def __init__(self, network, before):
        self._network, self._before = network, before
        self._makers = {id(layer.output): layer for layer in _known_layers(network)}
        self._fields = {id(tensor): before for tensor in getattr(network, "inputs", ())}

    def output(self):
        if not self._makers:  # no functional model, or none of its layers
            return _Head(self._network, self._before.coordinates)
        return self._field(self._network.outputs[0])

    def _field(self, tensor):
        if id(tensor) not in self._fields:
            self._fields[id(tensor)] = self._made(tensor)
        return self._fields[id(tensor)]

    def _made(self, tensor):
        layer = self._makers.get(id(tensor))
        if layer is None:
            return _Head(keras.Model(self._network.inputs[0], tensor), self._before.coordinates)
        befores = layer.input if isinstance(layer.input, list) else [layer.input]
        befores = [self._field(before) for before in befores]
        if isinstance(layer, keras.Model):
            return _Graph(layer, *befores).output()
        return rule_of(layer)(*befores)


def _known_layers(network):
    """Layers with rules, and models that are made of such layers alone."""
    try:
        return [layer for layer in network.layers if layer.output is not None and _known(layer)]
    except (AttributeError, ValueError):  # no functional model, or a layer called twice
        return []


def _known(layer):
    if isinstance(layer, keras.Model):
        inner = [la for la in layer.layers if not isinstance(la, keras.layers.InputLayer)]
        if any(_needs_coordinates(la) for la in inner):
            return False
        return len(layer.inputs) == 1 and len(_known_layers(layer)) == len(inner) > 0
    if _needs_coordinates(layer) and not _of_coordinates(layer):
        return False
    # A layer that computes in another precision than its weights have casts on the way.
    same = layer.compute_dtype == layer.variable_dtype
    return rule_of(layer) is not None and same and getattr(layer, "axis", -1) in (-1, 1)


def _needs_coordinates(layer):
    return getattr(layer, "needs_coordinates", False)


def _of_coordinates(layer):
    """Whether the derivatives of a layer in what enters it are those in the coordinates."""
    return isinstance(layer.input._keras_history.operation, keras.layers.InputLayer)


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
