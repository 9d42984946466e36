"""How layers of Keras propagate derivatives: the output of a layer as a field of its inputs.

A layer of another library brings its rule along: a method `field_rule(*fields)`.
"""

import functools
import operator

import keras
from keras import ops

from keras_solvers.pinn.fields.functions import apply
from keras_solvers.pinn.fields.linear import Concatenated, Linear


def rule_of(layer):
    """The function from the input fields of a layer to its output field, or `None`."""
    if hasattr(layer, "field_rule"):
        return layer.field_rule
    rule = _RULES.get(type(layer))
    return None if rule is None else functools.partial(rule, layer)


def _dense(layer, field):
    bias = (lambda value: value + layer.bias) if layer.use_bias else None
    linear = Linear(field, lambda value: ops.matmul(value, layer.kernel), bias)
    return _activated(layer, linear)


def _activated(layer, values):
    linear = layer.activation is keras.activations.linear
    return values if linear else apply(layer.activation, values)


def _rescaled(layer, field):
    return Linear(
        field,
        lambda value: value * ops.cast(layer.scale, value.dtype),
        lambda value: value + ops.cast(layer.offset, value.dtype),
    )


def _concatenated(layer, *fields):
    return Concatenated([tensor.shape[-1] for tensor in layer.input], fields)


_RULES = {  # class of the layer: function of the layer and its input fields
    keras.layers.Dense: _dense,
    keras.layers.Activation: _activated,
    keras.layers.Rescaling: _rescaled,
    keras.layers.Concatenate: _concatenated,
    keras.layers.Add: lambda layer, *fields: functools.reduce(operator.add, fields),
    keras.layers.Subtract: lambda layer, x, y: x - y,
    keras.layers.Multiply: lambda layer, *fields: functools.reduce(operator.mul, fields),
}
