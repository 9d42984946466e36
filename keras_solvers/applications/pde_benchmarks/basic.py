"""Equations on intervals, squares and in time, for `run pinn`."""

import math

import numpy as np

from keras_solvers.applications.pde_benchmarks import classic
from keras_solvers.applications.pde_benchmarks.case import ForwardCase, PointTraining, Rival
from keras_solvers.applications.pde_benchmarks.references import matlab, on_grid
from keras_solvers.networks.coordinate_mlp import coordinate_mlp
from keras_solvers.numerics.geometry.box import Box
from keras_solvers.pinn import equations
from keras_solvers.pinn.fields.conditions import dirichlet
from keras_solvers.pinn.fields.pde import PDE
from keras_solvers.pinn.networks.periodic_embedding import PeriodicEmbedding


def _square(x, y):
    return np.sin(math.pi * x) * np.sin(math.pi * y)


def _at_start(x):
    return x.t == 0.0


SPACE_TIME = Box(x=(-1.0, 1.0), t=(0.0, 1.0))
SQUARE = Box(x=(0.0, 1.0), y=(0.0, 1.0))
LINE = Box(x=(-1.0, 1.0))
WIDE = Box(x=(-5.0, 5.0), t=(0.0, 0.5 * math.pi))


def _bump(x):
    return x * np.exp(-(x**2))


def _bump_source(x):
    return (6.0 * x - 4.0 * x**3) * np.exp(-(x**2))


def _square_source(x, y):
    return 2.0 * math.pi**2 * _square(x, y)


CASES = {
    "poisson-square": ForwardCase(
        "Poisson's equation on a square",
        lambda: PDE(
            SQUARE,
            equations.poisson(lambda x: _square_source(x.x, x.y)),
            ansatz=lambda x, n: x.x * (1.0 - x.x) * x.y * (1.0 - x.y) * n,
        ),
        lambda dtype: coordinate_mlp(2, width=20, depth=2, bounds=SQUARE.bounds, dtype=dtype),
        PointTraining(60.0, 800),
        lambda: on_grid(_square, SQUARE.bounds),
        Rival("sine transform", lambda: classic.sine_poisson(_square_source)),
        target=1e-6,
    ),
    "poisson-line": ForwardCase(
        "Poisson's equation on an interval",
        lambda: PDE(
            LINE,
            equations.poisson(lambda x: _bump_source(x.x)),
            # The straight line through both ends, and what vanishes there.
            ansatz=lambda x, n: math.exp(-1.0) * x.x + (1.0 - x.x**2) * n,
        ),
        lambda dtype: coordinate_mlp(1, width=12, depth=2, dtype=dtype),
        PointTraining(60.0, 200),
        lambda: on_grid(_bump, LINE.bounds, 1001),
        Rival(
            "Chebyshev collocation",
            lambda: classic.chebyshev_poisson(
                _bump_source, (-1.0, 1.0), (-math.exp(-1.0), math.exp(-1.0))
            ),
        ),
        target=1e-8,
    ),
    "allen-cahn": ForwardCase(
        "the Allen-Cahn equation (1e-4, 5)",
        lambda: PDE(
            SPACE_TIME,
            equations.allen_cahn(1e-4, 5.0),
            ansatz=lambda x, n: x.x**2 * np.cos(math.pi * x.x) + x.t * n,
        ),
        lambda dtype: _periodic_mlp(1, SPACE_TIME, dtype, num_waves=2),
        PointTraining(150.0, 3000, adaptive=10),
        lambda: matlab("AC.mat", "x", "tt", "uu"),
        Rival("Fourier, exponential Runge-Kutta", lambda: classic.allen_cahn(1e-4, 5.0)),
        target=1e-3,
    ),
    "schrodinger": ForwardCase(
        "the nonlinear Schroedinger equation",
        lambda: PDE(
            WIDE,
            equations.schrodinger(),
            # Not by construction: 2 sech(x) has a kink at the ends of a circle, which would stay.
            (dirichlet(lambda x: 2.0 / np.cosh(x.x), _at_start, weight=100.0),),
            complex_valued=True,
        ),
        lambda dtype: _periodic_mlp(2, WIDE, dtype, num_waves=3),
        PointTraining(300.0, 3000, 200, adaptive=10),
        lambda: matlab("NLS.mat", "x", "tt", "uu"),
        Rival("Fourier, exponential Runge-Kutta", classic.schrodinger),
        target=1e-3,
    ),
}


def _periodic_mlp(num_outputs, geometry, dtype, num_waves):
    """A network that is periodic in the first of two coordinates."""
    embedding = PeriodicEmbedding((2.0, None), num_waves, dtype=dtype)  # scaled to [-1, 1]
    return coordinate_mlp(2, num_outputs, bounds=geometry.bounds, embedding=embedding, dtype=dtype)
