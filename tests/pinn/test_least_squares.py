"""The loss of a coordinate network as a least-squares problem."""

import keras
import numpy as np
import pytest

from keras_solvers import PINN
from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.derivatives import supports_float64
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, dirichlet
from keras_solvers.training import GaussNewtonCG, LevenbergMarquardt

DTYPE = "float64" if supports_float64() else "float32"


def poisson(width):
    keras.utils.set_random_seed(0)
    line = Box(x=(0.0, 1.0))
    problem = PDE(
        line,
        lambda x, u: u.xx + np.pi**2 * np.sin(np.pi * x.x),
        (dirichlet(0.0, weight=30.0),),
    )
    return PINN(coordinate_mlp(1, width=width, depth=2, dtype=DTYPE), problem), problem


@pytest.mark.jax
def test_the_product_is_that_of_the_jacobian():
    model, problem = poisson(6)
    system = model.least_squares(problem.sample(40, 2))
    gram = system.normal_equations()[2]
    vector = np.random.default_rng(0).normal(size=len(gram))
    np.testing.assert_allclose(
        system.gauss_newton_product(vector),
        (gram + np.tril(gram, -1).T) @ vector,
        rtol=1e-9 if DTYPE == "float64" else 2e-3,
    )
    assert system.kernel_trace() == pytest.approx(np.trace(gram), rel=1e-4)


@pytest.mark.jax
def test_it_is_the_weighted_sum_of_mean_squares():
    model, problem = poisson(6)
    points = problem.sample(40, 2)
    inside, ends = (np.mean(np.square(r)) for r in model.evaluate_residuals(points).values())
    assert model.evaluate_loss(points) == pytest.approx(inside + 30.0 * ends, rel=1e-5)
    assert model.least_squares(points).loss() == model.evaluate_loss(points)


@pytest.mark.parametrize(("optimizer", "width"), [(LevenbergMarquardt, 64), (GaussNewtonCG, 24)])
def test_more_weights_than_points(optimizer, width):
    model, problem = poisson(width)
    model.compile(optimizer())
    model.fit(problem.sample(40, 2), 40, verbose=0)
    x = np.linspace(0.0, 1.0, 60)[:, None]
    assert np.abs(model(x) - np.sin(np.pi * x)).max() < 1e-3  # 5e-5 and 8e-5
