"""What is said of coefficients must hold when the experiment is repeated."""

import keras
import numpy as np
import pytest
from scipy.optimize import curve_fit

from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.derivatives import supports_float64
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, PINN, data, laplace
from keras_solvers.training import LevenbergMarquardt

pytestmark = pytest.mark.skipif(not supports_float64(), reason="needs float64")

TIMES = np.linspace(0.0, 2.0, 40)
NOISE = 0.02


def fitted(noise_seed):
    """Decay `u_t = -k u` from noisy values: a network, and its closed form fitted alike."""
    keras.utils.set_random_seed(0)
    values = 1.5 * np.exp(-0.8 * TIMES) + NOISE * np.random.default_rng(noise_seed).standard_normal(
        len(TIMES)
    )
    problem = PDE(
        Box(t=(0.0, 2.0)),
        lambda x, u, k: u.t + k * u,
        # The equation is exact, so its residual weighs far more than the data.
        (data(TIMES[:, None], values, weight=1e-3),),
        coefficients={"k": 0.3},
    )
    model = PINN(coordinate_mlp(1, width=8, depth=2, dtype="float64"), problem)
    model.compile(LevenbergMarquardt())
    points = problem.sample(60, 1)
    model.fit(points, epochs=60, verbose=0)
    closed, covariance = curve_fit(lambda t, a, k: a * np.exp(-k * t), TIMES, values, (1.0, 1.0))
    return laplace(model, points), closed[1], np.sqrt(covariance[1, 1])


def test_mean_and_deviation_are_those_of_the_closed_form():
    posterior, k, deviation = fitted(0)
    assert posterior.names == ("k",)
    assert posterior.mean[0] == pytest.approx(k, abs=0.1 * deviation)
    assert posterior.std["k"] == pytest.approx(deviation, rel=0.1)
    low, high = posterior.interval(0.95)["k"]
    assert high - low == pytest.approx(2.0 * 1.96 * posterior.std["k"], rel=1e-3)


def test_a_problem_without_coefficients_is_named():
    problem = PDE(Box(t=(0.0, 2.0)), lambda x, u: u.t + u)
    model = PINN(coordinate_mlp(1, width=4, depth=1, dtype="float64"), problem)
    with pytest.raises(ValueError, match="Received: 0 coefficients and 0 data"):
        laplace(model, problem.sample(10))
