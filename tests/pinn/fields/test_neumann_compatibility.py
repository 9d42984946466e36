"""Slopes on a whole boundary: balanced by the source, or without a solution."""

import warnings

import numpy as np
import pytest

from keras_solvers import PINN
from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.geometry import Ball, Box
from keras_solvers.pinn import PDE, data, dirichlet, equations, neumann

pytestmark = pytest.mark.jax

LINE = Box(x=(0.0, 2.0))
SQUARE = Box(x=(0.0, 1.0), y=(0.0, 1.0))
DISC = Ball((0.5, 0.5), 0.3)
PLATE = SQUARE - DISC
OPEN = "the solution up to a constant"


def built(geometry, residual, *conditions):
    dimensions = len(geometry.coordinates)
    return PINN(coordinate_mlp(dimensions, width=4, depth=1), PDE(geometry, residual, conditions))


def left(x):
    return x.x == 0.0


def right(x):
    return x.x == 2.0


# With `u` known, `f = -k div grad u` and `du/dn` balance; with another source they do not.
BALANCED = {
    "interval": (LINE, equations.poisson(1.0), neumann(-0.5, left), neumann(-1.5, right)),
    "interval, conducting": (LINE, lambda x, u: -3.0 * u.xx - 3.0 * x.x, neumann(-1.0)),
    "square": (
        SQUARE,
        equations.poisson(lambda x: -4.0 + 0.0 * x.x),
        neumann(lambda x: 2.0 * (x.x * x.normal[0] + x.y * x.normal[1])),
    ),
    "closed square": (
        SQUARE,
        equations.poisson(lambda x: np.cos(np.pi * x.x) * np.cos(2.0 * np.pi * x.y)),
        neumann(0.0),
    ),
    "disc": (DISC, equations.poisson(2.0), neumann(-0.3)),
    "plate with a hole": (
        PLATE,
        equations.laplace(),
        neumann(lambda x: x.normal[0] - 2.0 * x.normal[1]),
    ),
}
UNBALANCED = {
    "interval": (LINE, equations.poisson(1.0), neumann(0.0, left), neumann(-1.5, right)),
    "interval, conducting": (LINE, lambda x, u: -3.0 * u.xx - 1.0 * x.x, neumann(-1.0)),
    "square": (
        SQUARE,
        equations.poisson(4.0),
        neumann(lambda x: 2.0 * (x.x * x.normal[0] + x.y * x.normal[1])),
    ),
    "closed square": (SQUARE, equations.poisson(lambda x: np.exp(x.x)), neumann(0.0)),
    "disc": (DISC, equations.poisson(2.0), neumann(-0.25)),
    "plate with a hole": (PLATE, equations.laplace(), neumann(1.0)),
}


@pytest.mark.parametrize("case", UNBALANCED.values(), ids=UNBALANCED)
def test_normal_derivatives_without_a_solution_are_named(case):
    with pytest.raises(ValueError, match="No solution has these normal derivatives"):
        built(*case)


@pytest.mark.parametrize("case", BALANCED.values(), ids=BALANCED)
def test_what_is_not_determined_is_said(case):
    with pytest.warns(UserWarning, match=OPEN):
        built(*case)


def test_integrals_are_those_of_the_closed_form():
    with pytest.raises(ValueError, match=r"Received: 6 and -2[.,].*k=1") as caught:
        built(LINE, equations.poisson(lambda x: 3.0 + 0.0 * x.x), neumann(-1.0))
    assert "-k div grad u = f" in str(caught.value)


@pytest.mark.parametrize(
    ("geometry", "residual", "conditions"),
    [
        (LINE, equations.poisson(1.0), (neumann(-1.0), data([[0.5]], [1.0]))),
        (LINE, equations.poisson(1.0), (neumann(0.0, left), dirichlet(0.0, right))),
        (LINE, equations.poisson(1.0), (neumann(0.0, left),)),
        (LINE, equations.poisson_boltzmann(1.0, 1.0), (neumann(0.0),)),
        (LINE, lambda x, u: -u.xx + u**3 - 1.0, (neumann(0.0),)),
        (LINE, lambda x, u: -u.xx + u.x - 1.0, (neumann(0.0),)),
        (SQUARE, lambda x, u: -u.xx - 2.0 * u.yy - 1.0, (neumann(0.0),)),
        (
            LINE * Box(t=(0.0, 1.0)),
            lambda x, u: u.t - u.xx - 1.0,
            (neumann(0.0, lambda x: x.x * (2.0 - x.x) == 0.0), dirichlet(0.0, lambda x: x.t == 0)),
        ),
    ],
)
def test_no_false_alarms(geometry, residual, conditions):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        built(geometry, residual, *conditions)
