"""Random solids and random smooth velocities, for training and for tests."""

import math

import keras
from keras import ops

_SMALLEST, _LARGEST = 0.04, 0.15  # radii, as shares of the shortest side
_NUM_OCTAVES = 4


def random_obstacles(num_samples, cells, max_obstacles, generator):
    """Fluid mask `(num_samples, *cells)` around one to `max_obstacles` balls and turned boxes."""

    def draw(*shape, low=0.0, high=1.0):
        return keras.random.uniform((num_samples, *shape), low, high, seed=generator)

    fluid = ops.ones((num_samples, *cells))
    wide = (num_samples, *(1 for _ in cells))
    axes = [
        ops.reshape(
            ops.arange(n, dtype="float32") + 0.5, [n if i == j else 1 for j in range(len(cells))]
        )
        for i, n in enumerate(cells)
    ]
    count = ops.floor(draw(high=float(max_obstacles))) + 1.0
    for obstacle in range(max_obstacles):
        centre = draw(len(cells), low=0.1, high=0.9)
        away = [
            axis - ops.reshape(centre[:, i] * n, wide)
            for i, (axis, n) in enumerate(zip(axes, cells))
        ]
        radius = ops.reshape(draw(low=_SMALLEST, high=_LARGEST) * min(cells), wide)
        angle = ops.reshape(draw(high=math.pi), wide)
        turned = [
            ops.cos(angle) * away[-2] + ops.sin(angle) * away[-1],
            ops.cos(angle) * away[-1] - ops.sin(angle) * away[-2],
            *away[:-2],
        ]
        ball = sum(ops.square(a) for a in away) < ops.square(radius)
        box = ops.abs(turned[0]) < radius * ops.reshape(draw(low=0.3), wide)
        for a in turned[1:]:
            box = ops.logical_and(box, ops.abs(a) < radius)
        solid = ops.where(ops.reshape(draw() < 0.5, wide), ball, box)
        solid = ops.logical_and(solid, ops.reshape(count > obstacle, wide))
        fluid = ops.where(solid, 0.0, fluid)
    return fluid


def random_velocity(num_samples, cells, generator):
    """Faces of a velocity, a tuple by axis: noise smoothed over 1, 2, 4 and 8 cells, added up.

    The amplitude grows with the length, so that each octave has as much divergence as the others.
    """
    return tuple(
        sum(
            2.0**octave * _smooth_noise(num_samples, _faces(cells, axis), 2**octave, generator)
            for octave in range(_NUM_OCTAVES)
        )
        for axis in range(len(cells))
    )


def _faces(cells, axis):
    return tuple(n + (i == axis) for i, n in enumerate(cells))


def _smooth_noise(num_samples, shape, length, generator):
    coarse = [-(-n // length) + 1 for n in shape]
    noise = keras.random.normal((num_samples, *coarse, 1), seed=generator)
    for axis in range(len(shape)):
        noise = ops.repeat(noise, length, axis=axis + 1)
    noise = ops.average_pool(noise, length, strides=1, padding="valid")
    inside = (slice(None), *(slice(0, n) for n in shape), 0)
    return noise[inside]
