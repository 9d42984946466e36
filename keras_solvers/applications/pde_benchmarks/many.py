"""Poisson's equation in ten dimensions, for `run pinn`."""

import itertools
import math

import numpy as np

from keras_solvers.applications.pde_benchmarks.case import ForwardCase, PointTraining, Rival
from keras_solvers.networks.coordinate_mlp import coordinate_mlp
from keras_solvers.numerics.geometry.box import Box
from keras_solvers.pinn import equations
from keras_solvers.pinn.fields.conditions import dirichlet
from keras_solvers.pinn.fields.pde import PDE

NAMES = "abcdefghij"
CUBE = Box(**dict.fromkeys(NAMES, (0.0, 1.0)))


def _waves(points):
    """A function of ten numbers that is no sum of functions of one: of fields or of columns."""
    steps = itertools.pairwise(points)
    return sum(np.sin(0.5 * math.pi * a) for a in points) + sum(a * b for a, b in steps)


def _source(points):
    return 0.25 * math.pi**2 * sum(np.sin(0.5 * math.pi * a) for a in points)


def _coordinates(x):
    return [getattr(x, name) for name in NAMES]


def walk_on_spheres(points, num_walks=400, seed=0, depth=1e-4):
    """`-div grad u = f` in the unit cube by random walks, at each point by itself.

    A walk steps to a random place on the largest sphere around it until the boundary is near; its
    value is that of the boundary and, for each ball of radius `r`, `f r^2 / (2 d)` at a random
    place, distributed as Green's function of the ball is (Muller, Some continuous Monte Carlo
    methods for the Dirichlet problem, 1956). No mesh could be used in ten dimensions.

    Args:
        points: `(num_points, 10)`.
        num_walks: Walks of each point; the error falls with its root.
        seed: Seed.
        depth: Distance to the boundary at which a walk ends.

    Returns:
        `(num_points, 1)`.
    """
    rng, dimensions = np.random.default_rng(seed), points.shape[1]
    place = np.repeat(points, num_walks, axis=0)
    total, walking = np.zeros(len(place)), np.arange(len(place))
    while len(walking):
        here = place[walking]
        radius = np.minimum(here, 1.0 - here).min(1)
        far = radius > depth
        ended = walking[~far]
        total[ended] += _waves(place[ended].clip(0.0, 1.0).T)
        walking, here, radius = walking[far], here[far], radius[far]
        inner = here + (radius * _green_radius(rng, len(here), dimensions))[:, None] * _directions(
            rng, len(here), dimensions
        )
        total[walking] += _source(inner.T) * radius**2 / (2.0 * dimensions)
        place[walking] = here + radius[:, None] * _directions(rng, len(here), dimensions)
    return total.reshape(len(points), num_walks).mean(1)[:, None]


def _directions(rng, number, dimensions):
    normal = rng.standard_normal((number, dimensions))
    return normal / np.linalg.norm(normal, axis=1, keepdims=True)


def _green_radius(rng, number, dimensions):
    """Distances with density `r (1 - r^(d-2))` up to a factor: Green's function of a unit ball."""
    kept = np.zeros(0)
    while len(kept) < number:
        radius = np.sqrt(rng.random(2 * number))  # with density r; the rest by rejection
        kept = np.append(kept, radius[rng.random(2 * number) > radius ** (dimensions - 2)])
    return kept[:number]


def _checked():
    points = CUBE.sample(300, seed=1)
    return points, _waves(points.T)[:, None]


def _walked():
    values = walk_on_spheres(_checked()[0])
    return lambda points: values  # at the points of the reference


CASES = {
    "poisson-ten": ForwardCase(
        "Poisson's equation in ten dimensions",
        lambda: PDE(
            CUBE,
            equations.poisson(lambda x: _source(_coordinates(x))),
            (dirichlet(lambda x: _waves(_coordinates(x)), weight=100.0),),
        ),
        lambda dtype: coordinate_mlp(10, width=32, depth=2, bounds=CUBE.bounds, dtype=dtype),
        PointTraining(60.0, 2000, 2000),
        _checked,
        Rival("walk on spheres, 400 walks a point", _walked),
        target=1e-3,
    )
}
