"""Samples of coefficients must be those of the posterior, which is known in closed form here."""

import sys

import keras
import numpy as np
import pytest

from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.derivatives import supports_float64
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, PINN, data, hmc, laplace
from keras_solvers.pinn.laplace import noise_scale
from keras_solvers.pinn.profile import ProfileLoss
from keras_solvers.training import LevenbergMarquardt

needs_float64 = pytest.mark.skipif(not supports_float64(), reason="needs float64")

TIMES = np.linspace(0.2, 2.0, 10)


def trained(residual, start, values, coefficients, width=6):
    """A network with `u(0) = start` by construction, its points and the data."""
    keras.utils.set_random_seed(0)
    problem = PDE(
        Box(t=(0.0, 2.0)),
        residual,
        (data(TIMES[:, None], values, weight=1e-3),),  # the equation is exact
        ansatz=lambda x, n: start + x.t * n,
        coefficients=coefficients,
    )
    model = PINN(coordinate_mlp(1, width=width, depth=1, dtype="float64"), problem)
    model.compile(LevenbergMarquardt())
    points = problem.sample(30)
    model.fit(points, epochs=120, verbose=0)
    return model, points


def noise(size):
    return size * np.random.default_rng(1).standard_normal(len(TIMES))


@needs_float64
def test_a_normal_posterior_of_two_coefficients():
    """`u' = a + 2 b t`, so `u = a t + b t^2`: linear least squares."""
    basis = np.stack([TIMES, TIMES**2], axis=1)
    values = basis @ [1.0, -0.5] + noise(0.05)
    equation = lambda x, u, a, b: u.t - a - 2.0 * b * x.t  # noqa: E731
    model, points = trained(equation, 0.0, values, {"a": 0.0, "b": 0.0})
    before, normal = model.get_weights(), laplace(model, points)
    found = hmc(model, points)
    mean, residuals, *_ = np.linalg.lstsq(basis, values)
    covariance = residuals[0] / (len(TIMES) - 2) * np.linalg.inv(basis.T @ basis)
    sizes = np.array([found.effective_sample_size[name] for name in "ab"])
    deviation = np.sqrt(np.diag(covariance))
    for posterior in (normal, found):  # four standard errors of a mean, and of a variance
        assert np.all(abs(posterior.mean - mean) < 4.0 * deviation / np.sqrt(sizes))
        np.testing.assert_allclose(
            posterior.covariance, covariance, rtol=4.0 * np.sqrt(2.0 / sizes.min())
        )
    assert found.names == ("a", "b")
    assert found.samples.shape == (500, 4, 2)
    assert sizes.min() > 200.0
    assert max(found.r_hat.values()) < 1.05
    assert 0.6 < found.acceptance_rate <= 1.0
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.fixture(scope="module")
def decay():
    """`u' = -k u`, `u(0) = 1`: large `k` are hard to tell apart, as all of them leave nothing."""
    values = np.exp(-1.5 * TIMES) + noise(0.15)
    return values, *trained(lambda x, u, k: u.t + k * u, 1.0, values, {"k": 1.0})


@needs_float64
def test_the_profile_is_the_misfit_of_the_closed_form(decay):
    values, model, points = decay
    trained, noise = model.get_weights(), noise_scale(model, points)
    profile = ProfileLoss(model, points, 1e-3 * noise)
    for k in (1.4, 1.7, 1.1, 1.25):
        solution = np.exp(-k * TIMES)
        misfit = values - solution
        loss, gradient = (found / noise for found in profile(np.array([k])))
        scale = 1e-3 / len(TIMES) / noise
        # The equation is met up to a few thousandths of what noise is.
        assert loss == pytest.approx(scale * misfit @ misfit, abs=0.05)
        assert gradient[0] == pytest.approx(2.0 * scale * misfit @ (TIMES * solution), abs=0.1)
    model.set_weights(trained)


@needs_float64
def test_a_skewed_posterior_has_the_interval_of_quadrature(decay):
    values, model, points = decay
    normal, found = laplace(model, points), hmc(model, points, num_samples=2000)
    k = np.linspace(0.0, 5.0, 5001)
    squares = np.sum(np.square(values[:, None] - np.exp(-np.outer(TIMES, k))), axis=0)
    density = np.exp(-(squares - squares.min()) / (2.0 * squares.min() / (len(TIMES) - 1)))
    share = np.cumsum(density) / density.sum()
    exact = np.interp([0.025, 0.975], share, k)
    # Standard errors of quantiles: sqrt(p (1 - p) / size) over the density there.
    size = found.effective_sample_size["k"]
    height = np.interp(exact, k, density / density.sum() / (k[1] - k[0]))
    error = np.sqrt(0.025 * 0.975 / size) / height
    assert np.all(abs(found.interval()["k"] - exact) < 4.0 * error)
    assert np.all(abs(normal.interval()["k"] - exact) > 6.0 * error)


@needs_float64
def test_chains_that_have_not_mixed_are_named(decay):
    with pytest.warns(RuntimeWarning, match="have not mixed: R-hat is up to"):
        hmc(*decay[1:], num_chains=2, num_samples=4, num_burnin=5)


@needs_float64
def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_probability", None)
    with pytest.raises(ImportError, match=r"keras_solvers\[probability\]"):
        hmc(None, None)


@pytest.mark.jax
@pytest.mark.skipif(supports_float64(), reason="this backend has it")
def test_another_backend_is_named():
    with pytest.raises(NotImplementedError, match="needs the TensorFlow backend"):
        hmc(None, None)
