"""How the derivatives of what enters a layer become those of what leaves it."""

import functools
import math
import operator

import keras
import numpy as np
from keras import ops

from keras_solvers.applications.pde_benchmarks.local_features import LocalRandomFeatures
from keras_solvers.applications.pde_benchmarks.wall_stream_function import (
    NOTHING,
    WallStreamFunction,
)
from keras_solvers.pinn.fields.field import Field
from keras_solvers.pinn.fields.functions import apply
from keras_solvers.pinn.networks.adaptive_activation import AdaptiveActivation
from keras_solvers.pinn.networks.adaptive_skip import AdaptiveSkip
from keras_solvers.pinn.networks.fourier_features import FourierFeatures
from keras_solvers.pinn.networks.periodic_embedding import PeriodicEmbedding


class Linear(Field):
    """A linear function of a field, and an offset.

    Args:
        before: The field.
        linear: Of its values, and of its derivatives as well.
        offset: Adds what only values have; nothing if `None`.
    """

    def __init__(self, before, linear, offset=None):
        super().__init__(before.coordinates)
        self.before, self.linear, self.offset = before, linear, offset

    def differentiate(self, at, order):
        value = self._linear(self.before.partial(at, order))
        return value if any(order) or self.offset is None else self.offset(value)

    def operate(self, at, operator):
        return self._linear(self.before.operated(at, operator))

    def _linear(self, value):
        return value if isinstance(value, float) else self.linear(value)


class Joined(Field):
    """Columns of several fields side by side.

    Args:
        widths: Number of columns of each.
        parts: The fields.
    """

    def __init__(self, widths, parts):
        super().__init__(parts[0].coordinates)
        self.widths, self.parts = widths, parts

    def differentiate(self, at, order):
        return self._joined(at, [part.partial(at, order) for part in self.parts])

    def operate(self, at, operator):
        return self._joined(at, [part.operated(at, operator) for part in self.parts])

    def _joined(self, at, values):
        rows, dtype = ops.shape(at.points)[0], at.points.dtype
        full = [
            ops.broadcast_to(ops.cast(value, dtype), (rows, width))
            for value, width in zip(values, self.widths, strict=True)
        ]
        return ops.concatenate(full, axis=-1)


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


def _scaled(layer, before):
    return Linear(before, lambda value: value * layer.factor)


def _blended(layer, x, y):
    return x + _scaled(layer, y - x)


def _concatenated(layer, *befores):
    return Joined([tensor.shape[-1] for tensor in layer.input], befores)


def _fourier(layer, before):
    phase = Linear(
        before,
        lambda value: 2.0 * math.pi * ops.matmul(value, ops.cast(layer.directions, value.dtype)),
    )
    return Joined(2 * [layer.num_waves], [apply(ops.cos, phase), apply(ops.sin, phase)])


def _periodic(layer, before):
    parts, widths = [], []
    for number, period in enumerate(layer.periods):
        row = np.zeros((len(layer.periods), 1))
        row[number] = 1.0
        if period is None:
            parts.append(_times(row, before))
        else:
            waves = np.repeat(np.arange(1, layer.num_waves + 1), 2)
            quarter = np.tile([0.5 * math.pi, 0.0], layer.num_waves)  # a cosine, then a sine
            phase = _times(row * (2.0 * math.pi * waves / period), before, quarter)
            parts.append(apply(ops.sin, phase))
        widths.append(1 if period is None else 2 * layer.num_waves)
    return Joined(widths, parts)


def _times(matrix, before, offset=0.0):
    return Linear(
        before,
        lambda value: ops.matmul(value, ops.convert_to_tensor(matrix, value.dtype)),
        lambda value: value + ops.convert_to_tensor(offset, value.dtype),
    )


class Local(Field):
    """What a `LocalRandomFeatures` makes of the coordinates: it knows its derivatives."""

    def __init__(self, layer, before):
        super().__init__(before.coordinates)
        self.layer = layer

    def differentiate(self, at, order):
        return self.layer.derivative(at.points[:, : len(order)], order)


def _at_walls(layer, x, heard):
    nearness = [_nearness(wall, x) for wall in layer.walls]
    factor = 1.0 / (1.0 + layer.thickness**2 * sum(nearness))
    psi, number = heard, 0
    for wall, near in zip(layer.walls, nearness, strict=True):
        share = layer.thickness**2 * near
        if wall.value is None:
            psi = psi + Linear(share, functools.partial(_times_constant, layer, number))
            number += 1
        elif np.ndim(wall.value):
            distance = np.hypot(*np.subtract(*wall.corners)) * _along(x, *wall.corners)
            value = functools.reduce(lambda y, c: y * distance + c, reversed(wall.value), 0.0)
            psi = psi + share * value
        else:
            psi = psi + wall.value * share
    return factor * psi


def _times_constant(layer, number, value):
    return value * layer.constants[number]


def _nearness(wall, x):
    total = 0.0
    for start, end in wall.parts():
        along = _along(x, start, end) if start != end else 0.0
        square = sum(
            (_column(x, i) - a - (b - a) * along) ** 2
            for i, (a, b) in enumerate(zip(start, end, strict=True))
        )
        if wall.radius:
            square = (np.sqrt(square) - wall.radius) ** 2
        total = total + 1.0 / (square + NOTHING)
    return total


def _along(x, start, end):
    step = np.subtract(end, start)
    weights = step / (step @ step)
    share = sum(w * (_column(x, i) - a) for i, (w, a) in enumerate(zip(weights, start)) if w)
    return share * (share > 0.0) * (share < 1.0) + (share >= 1.0)


def _column(x, number):
    return Linear(x, lambda value: value[:, number : number + 1])


RULES = {  # class of the layer: function of the layer and of the fields that enter it
    keras.layers.Dense: _dense,
    keras.layers.Activation: _activated,
    keras.layers.Rescaling: _rescaled,
    keras.layers.Concatenate: _concatenated,
    keras.layers.Add: lambda layer, *befores: functools.reduce(operator.add, befores),
    keras.layers.Subtract: lambda layer, x, y: x - y,
    keras.layers.Multiply: lambda layer, *befores: functools.reduce(operator.mul, befores),
    AdaptiveActivation: lambda layer, before: apply(layer.activation, _scaled(layer, before)),
    AdaptiveSkip: _blended,
    FourierFeatures: _fourier,
    LocalRandomFeatures: Local,
    PeriodicEmbedding: _periodic,
    WallStreamFunction: _at_walls,
}
