"""The stream function between walls as a field: derivatives of any order."""

import functools

import numpy as np

from keras_solvers.applications.pde_benchmarks.wall import NOTHING
from keras_solvers.pinn.fields.linear import Linear, column


def stream_field(layer, x, heard):
    """What a `WallStreamFunction` makes of the coordinates and of the output of a network.

    Args:
        layer: The layer.
        x: Field of the coordinates.
        heard: Field of the output.
    """
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
            (column(x, i) - a - (b - a) * along) ** 2
            for i, (a, b) in enumerate(zip(start, end, strict=True))
        )
        if wall.radius:
            square = (np.sqrt(square) - wall.radius) ** 2
        total = total + 1.0 / (square + NOTHING)
    return total


def _along(x, start, end):
    step = np.subtract(end, start)
    weights = step / (step @ step)
    share = sum(w * (column(x, i) - a) for i, (w, a) in enumerate(zip(weights, start)) if w)
    return share * (share > 0.0) * (share < 1.0) + (share >= 1.0)
