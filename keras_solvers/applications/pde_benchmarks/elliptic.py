"""Plane equations of equilibrium on shapes with corners and holes, for `run pinn`."""

import functools
import operator

import numpy as np

from keras_solvers.applications.pde_benchmarks.case import ForwardCase, PointTraining, Rival
from keras_solvers.applications.pde_benchmarks.classic import screened_corner
from keras_solvers.applications.pde_benchmarks.references import masked_grid, scattered
from keras_solvers.applications.pde_benchmarks.trefftz import around_discs
from keras_solvers.networks.coordinate_mlp import coordinate_mlp
from keras_solvers.numerics.geometry.ball import Ball
from keras_solvers.numerics.geometry.box import Box
from keras_solvers.pinn import equations
from keras_solvers.pinn.fields.conditions import dirichlet
from keras_solvers.pinn.fields.pde import PDE

FOUR = tuple((x, y, 0.1) for x in (-0.3, 0.3) for y in (-0.3, 0.3))
UNEVEN = ((0.5, 0.5, 0.2), (0.4, -0.4, 0.4), (-0.2, -0.7, 0.1), (-0.6, 0.5, 0.3))
CORNER = Box(x=(-1.0, 1.0), y=(-1.0, 1.0)) - Box(x=(0.0, 1.0), y=(0.0, 1.0))


def _square_less(discs, half_width):
    square = Box(x=(-half_width, half_width), y=(-half_width, half_width))
    return functools.reduce(operator.sub, (Ball((x, y), r) for x, y, r in discs), square)


def _problem(discs, half_width, outer, inner, screening=0.0, source=0.0):
    def on_square(x):
        return np.maximum(abs(x.x), abs(x.y)) == half_width

    return PDE(
        _square_less(discs, half_width),
        equations.poisson_boltzmann(screening, source),
        (
            dirichlet(outer, on_square, weight=1000.0),
            dirichlet(inner, lambda x: ~on_square(x), weight=1000.0),
        ),
    )


def _at_corner(x, smooth, singular):
    """Zero on the boundary, with the slope without bound that the inner corner causes.

    `r^(2/3) cos(2 phi / 3)`, `phi` counted from the line that halves the corner, is harmonic and
    vanishes on both its sides; a multiple of it is in every solution (Grisvard, Elliptic Problems
    in Nonsmooth Domains, 1985, section 2.7), and no smooth network is close to it.
    """
    along, across = -(x.x + x.y), x.x - x.y
    power = ((along**2 + across**2) / 2.0) ** (1.0 / 3.0)
    corner = power * np.cos(2.0 / 3.0 * np.arctan2(across, along))
    outer = (1.0 - x.x**2) * (1.0 - x.y**2)
    return CORNER.approximate_distance(x) * smooth + outer * corner * singular


def _network(geometry, num_outputs=1, width=24, depth=3):
    return lambda dtype: coordinate_mlp(
        2, num_outputs, width=width, depth=depth, bounds=geometry.bounds, dtype=dtype
    )


def _waves(x, y):
    return 10.0 * (17.0 + x**2 + y**2) * np.sin(np.pi * x) * np.sin(4.0 * np.pi * y)


CASES = {
    "corner": ForwardCase(
        # The file of the reference is often said to solve Poisson's equation. It does not: its
        # values satisfy `-div grad u = 1 - u`.
        "a screened Poisson equation on an L",
        lambda: PDE(CORNER, equations.poisson_boltzmann(1.0, 1.0), ansatz=_at_corner),
        _network(CORNER, num_outputs=2, width=20),
        PointTraining(60.0, 2000, adaptive=50),
        lambda: masked_grid("Poisson_Lshape.npz"),
        Rival("finite differences, 400 cells along each side", screened_corner),
        target=2e-3,
    ),
    "four-discs": ForwardCase(
        "Laplace's equation around four discs",
        lambda: _problem(FOUR, 0.5, 1.0, 0.0),
        _network(_square_less(FOUR, 0.5)),
        PointTraining(150.0, 2000, 400, adaptive=10),
        lambda: scattered("poisson1_cg_data.npz"),
        Rival(
            "harmonic functions fitted to the boundary",
            lambda: around_discs(FOUR, 0.5, 1.0, 0.0),
        ),
        target=1e-3,
    ),
    "poisson-boltzmann": ForwardCase(
        "the Poisson-Boltzmann equation around discs",
        lambda: _problem(UNEVEN, 1.0, 0.2, 1.0, 8.0, lambda x: _waves(x.x, x.y)),
        _network(_square_less(UNEVEN, 1.0)),
        PointTraining(360.0, 2000, 400, adaptive=50),
        lambda: scattered("poisson_boltzmann2d.npz"),
        Rival(
            "screened functions fitted to the boundary",
            lambda: around_discs(UNEVEN, 1.0, 0.2, 1.0, 8.0, _waves, order=20),
        ),
        target=1e-3,
    ),
}
