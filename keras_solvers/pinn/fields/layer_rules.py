"""How the derivatives of what enters a layer of Keras become those of what leaves it.

A layer of another library brings its rule along: a method `field_rule(*fields)`.
"""

import functools
import operator

import keras
from keras import ops

from keras_solvers.pinn.fields.functions import apply
from keras_solvers.pinn.fields.linear import Joined, Linear


def rule_of(layer):
    """The function from the fields that enter a layer to the one that leaves it, or `None`."""
    if hasattr(layer, "field_rule"):
        return layer.field_rule
    rule = _RULES.get(type(layer))
    return None if rule is None else functools.partial(rule, layer)


def _dense(layer, before):
    bias = (lambda value: value + layer.bias) if layer.use_bias else None
    linear = Linear(before, lambda value: ops.matmul(value, layer.kernel), bias)
    return _activated(layer, linear)


def _activated(layer, values):
    linear = layer.activation is keras.activations.linear
    return values if linear else apply(layer.activation, values)


def _rescaled(layer, before):
    return Linear(
        before,
        lambda value: value * ops.cast(layer.scale, value.dtype),
        lambda value: value + ops.cast(layer.offset, value.dtype),
    )


def _concatenated(layer, *befores):
    return Joined([tensor.shape[-1] for tensor in layer.input], befores)


_RULES = {  # class of the layer: function of the layer and of the fields that enter it
    keras.layers.Dense: _dense,
    keras.layers.Activation: _activated,
    keras.layers.Rescaling: _rescaled,
    keras.layers.Concatenate: _concatenated,
    keras.layers.Add: lambda layer, *befores: functools.reduce(operator.add, befores),
    keras.layers.Subtract: lambda layer, x, y: x - y,
    keras.layers.Multiply: lambda layer, *befores: functools.reduce(operator.mul, befores),
}
