"""Steps of all forms are the same, and those of the definition."""

import keras
import numpy as np
import pytest

from keras_solvers import PINN
from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.derivatives import supports_float64
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, GaussNewtonCG, LevenbergMarquardt, dirichlet
from keras_solvers.pinn.optimizers.linear_models import (
    KernelEquations,
    KrylovEquations,
    NormalEquations,
)
from keras_solvers.pinn.optimizers.second_order import LeastSquares

DTYPE = "float64" if supports_float64() else "float32"


@pytest.mark.parametrize("shape", [(30, 12), (12, 30)])
def test_the_step_minimises_the_damped_model(shape):
    rng = np.random.default_rng(0)
    jacobian, r, damping = rng.normal(size=shape), rng.normal(size=shape[0]), 0.3
    stacked = np.concatenate([jacobian, np.sqrt(damping) * np.eye(shape[1])])
    right = np.concatenate([-r, np.zeros(shape[1])])
    expected = np.linalg.lstsq(stacked, right, rcond=None)[0]
    gram, slope = jacobian.T @ jacobian, jacobian.T @ r
    for model in (
        NormalEquations(r @ r, slope, gram),
        KernelEquations(r, jacobian),
        KrylovEquations(r @ r, slope, lambda v: gram @ v, 200, 1e-12),
    ):
        step = model.step(damping)
        np.testing.assert_allclose(step, expected, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(model.loss, r @ r)
        fall = r @ r - np.sum((r + jacobian @ step) ** 2)
        np.testing.assert_allclose(model.decrease(step, damping), fall, rtol=1e-6)


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
    system = LeastSquares(model, problem.sample(40, 2))
    gram = system.linearize()[2]
    vector = np.random.default_rng(0).normal(size=len(gram))
    np.testing.assert_allclose(
        system.product(vector),
        (gram + np.tril(gram, -1).T) @ vector,
        rtol=1e-9 if DTYPE == "float64" else 2e-3,
    )
    assert system.sensitivity() == pytest.approx(np.trace(gram), rel=1e-4)


@pytest.mark.parametrize(("optimizer", "width"), [(LevenbergMarquardt, 64), (GaussNewtonCG, 24)])
def test_more_weights_than_points(optimizer, width):
    model, problem = poisson(width)
    model.compile(optimizer())
    model.fit(problem.sample(40, 2), 40, verbose=0)
    x = np.linspace(0.0, 1.0, 60)[:, None]
    assert np.abs(model(x) - np.sin(np.pi * x)).max() < 1e-3  # 5e-5 and 8e-5
