"""Each mistake is made on purpose, and must be the one that is named."""

import dataclasses
import re

import keras
import numpy as np
import pytest

from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, PINN, diagnose, dirichlet, equations
from keras_solvers.training import LevenbergMarquardt
from keras_solvers.training.second_order.spectrum import Spectrum


def trained(
    length=1.0,
    size=1.0,
    weight=1.0,
    dtype="float64",
    scaled=True,
    optimizer=None,
    steps=30,
    points=None,
):
    """`-u'' = f` with the solution `size sin(pi x / length)`, half of it by a condition."""
    keras.utils.set_random_seed(0)
    wave = np.pi / length
    line = Box(x=(0.0, length))
    problem = PDE(
        line,
        equations.poisson(lambda x: size * wave**2 * np.sin(wave * x.x)),
        (dirichlet(0.0, weight=weight),),
    )
    bounds = line.bounds if scaled else None
    model = PINN(coordinate_mlp(1, width=8, depth=2, bounds=bounds, dtype=dtype), problem)
    model.compile(optimizer or LevenbergMarquardt())
    rows = problem.sample(40, 2)
    if points is not None:
        rows["residual"] = points
    model.fit(rows, steps, verbose=0)
    return diagnose(model, rows)


def test_a_training_that_went_well_is_not_blamed():
    found = trained(steps=8, weight=100.0)
    assert found.advice() == []
    assert str(found).startswith("Nothing was found")


@pytest.mark.parametrize(
    ("mistake", "named"),
    [
        ({"scaled": False, "length": 50.0}, "Coordinates up to"),
        ({"size": 1000.0}, "Fields are as large as"),
        ({"steps": 200, "dtype": "float32"}, "limit of the precision"),
        ({"steps": 0, "weight": 1e-6, "optimizer": "adam"}, "is .* times that of `condition 0`"),
        ({"points": np.linspace(0.0, 0.3, 40)[1:, None]}, "points that training never saw"),
        ({"points": np.linspace(0.0, 0.3, 40)[1:, None]}, "The points leave a gap"),
    ],
)
def test_a_mistake_is_named(mistake, named):
    advice = trained(**mistake).advice()
    assert any(re.search(named, sentence) for sentence in advice), advice


def test_what_gradient_steps_do_not_reach_is_named():
    found = trained(steps=1, optimizer="adam")
    assert found.spectrum.condition_number > 1e3
    flat = dataclasses.replace(
        found, spectrum=Spectrum(1e9, flat_fraction=0.9, unreachable_fraction=0.0)
    )
    assert any("90% of the loss lies along" in sentence for sentence in flat.advice())
