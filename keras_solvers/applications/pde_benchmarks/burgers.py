"""Burgers' equation, for `run pinn`: a wave that steepens to a layer at its middle."""

import math

import numpy as np

from keras_solvers.applications.pde_benchmarks import classic
from keras_solvers.applications.pde_benchmarks.case import ForwardCase, PointTraining, Rival
from keras_solvers.applications.pde_benchmarks.references import matlab
from keras_solvers.networks.coordinate_mlp import coordinate_mlp
from keras_solvers.numerics.geometry.box import Box
from keras_solvers.pinn import equations
from keras_solvers.pinn.fields.pde import PDE

VISCOSITY = 0.01 / math.pi
WHOLE = Box(x=(-1.0, 1.0), t=(0.0, 1.0))
HALF = Box(x=(0.0, 1.0), t=(0.0, 1.0))
LAYER = 0.05  # a few times the thickness of the layer


def _wave(x):
    return -np.sin(math.pi * x.x)


def _whole(x, n):
    return _wave(x) + (1.0 - x.x**2) * x.t * n


def _half(x, n):
    """What vanishes at both ends of the right half, where the solution does as it is odd.

    At the middle as steeply as the layer: a factor `x` would leave a high peak to the network.
    """
    return _wave(x) + np.tanh(x.x / LAYER) * (1.0 - x.x) * x.t * n


def _case(title, geometry, ansatz, num_points, target, seconds):
    return ForwardCase(
        title,
        lambda: PDE(geometry, equations.burgers(VISCOSITY), ansatz=ansatz),
        lambda dtype: coordinate_mlp(2, width=20, depth=4, bounds=geometry.bounds, dtype=dtype),
        PointTraining(seconds, num_points, adaptive=5),
        lambda: _reference(geometry),
        Rival("Fourier, exponential Runge-Kutta", lambda: classic.burgers(VISCOSITY)),
        target,
    )


def _reference(geometry):
    """The file, where it lies in a shape: in both halves a relative error is the same."""
    points, values = matlab("burgers_shock.mat", "x", "t", "usol")
    inside = points[:, 0] >= geometry.bounds[0, 0]
    return points[inside], values[inside]


CASES = {
    "burgers": _case("Burgers' equation, viscosity 0.01/pi", WHOLE, _whole, 3000, 1e-4, 120.0),
    "burgers-fine": _case(
        "Burgers' equation, viscosity 0.01/pi, its right half", HALF, _half, 2000, 1e-5, 300.0
    ),
}
