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
            derivatives. A layer of another kind, together with all layers before it, is
            differentiated automatically, nested for each order; so is a layer with
            `needs_coordinates` whose input is not the coordinates themselves.
        coordinates: Names of the coordinates.
    """
    values = _Graph(network, _Function(None, coordinates)).output()
    return tuple(_Output(values, i) for i in range(network.output_shape[-1]))


class _Graph:
    """The outputs of the layers of a functional model as fields, each made once.

    Args:
        network: The model.
        inputs: Field of its inputs.
    """

    def __init__(self, network, inputs):
        self._network, self._inputs = network, inputs
        self._layers = {id(layer.output): layer for layer in _known_layers(network)}
        self._fields = {id(tensor): inputs for tensor in getattr(network, "inputs", ())}

    def output(self):
        if not self._layers:  # no functional model, or none of its layers
            return _Function(self._network, self._inputs.coordinates)
        return self._field(self._network.outputs[0])

    def _field(self, tensor):
        if id(tensor) not in self._fields:
            self._fields[id(tensor)] = self._made(tensor)
        return self._fields[id(tensor)]

    def _made(self, tensor):
        layer = self._layers.get(id(tensor))
        if layer is None:
            function = keras.Model(self._network.inputs[0], tensor)
            return _Function(function, self._inputs.coordinates)
        tensors = layer.input if isinstance(layer.input, list) else [layer.input]
        fields = [self._field(each) for each in tensors]
        if isinstance(layer, keras.Model):
            return _Graph(layer, *fields).output()
        return rule_of(layer)(*fields)


def _known_layers(network):
    """Layers with rules, and models that consist of such layers."""
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
    if _needs_coordinates(layer) and not _takes_coordinates(layer):
        return False
    # A layer that computes in another precision than its weights have casts on the way.
    same = layer.compute_dtype == layer.variable_dtype
    return rule_of(layer) is not None and same and getattr(layer, "axis", -1) in (-1, 1)


def _needs_coordinates(layer):
    return getattr(layer, "needs_coordinates", False)


def _takes_coordinates(layer):
    """Whether the input of a layer is that of the network."""
    return isinstance(layer.input._keras_history.operation, keras.layers.InputLayer)


class _Function(Field):
    """A function of the coordinates, `(num_points, width)`; the coordinates themselves if `None`.

    Differentiated automatically.
    """

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
    """One column of a field of several columns."""

    def __init__(self, values, number):
        super().__init__(values.coordinates)
        self.values, self.number = values, number

    def differentiate(self, at, order):
        return self._column(self.values.partial(at, order))

    def operate(self, at, operator):
        return self._column(self.values.operated(at, operator))

    def _column(self, value):
        return value if isinstance(value, float) else value[:, self.number]
