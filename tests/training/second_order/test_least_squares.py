"""Problems of plain Keras variables, with known derivatives and answers."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.linalg import expm

from keras_solvers.training import (
    LBFGS,
    GaussNewtonCG,
    LeastSquares,
    LevenbergMarquardt,
    Residuals,
    SelfScaledBroyden,
)

pytestmark = pytest.mark.jax

ON_TENSORFLOW = keras.backend.backend() == "tensorflow"
DTYPE = "float64" if ON_TENSORFLOW else "float32"
ALL = [LevenbergMarquardt, GaussNewtonCG, SelfScaledBroyden, LBFGS]


def rosenbrock(x, y):
    """`(1 - x)^2 + 100 (y - x^2)^2`, whose minimum is at (1, 1)."""
    x, y = (keras.Variable(value, dtype=DTYPE) for value in (x, y))

    def residuals(rows):
        return ops.stack([10.0 * (y - x**2), 1.0 - x])[None]

    return LeastSquares(Residuals({"": residuals}, [x, y]), {"": np.zeros((1, 1), DTYPE)})


def solve(system, optimizer, max_steps=200):
    reason = None
    for _ in range(max_steps):
        loss, reason = optimizer.step(system)
        if reason is not None:
            break
    return loss, reason


def test_derivatives_are_those_of_the_formula():
    system, x, y = rosenbrock(-1.2, 1.0), -1.2, 1.0
    r = np.array([10.0 * (y - x**2), 1.0 - x])
    jacobian = np.array([[-20.0 * x, 10.0], [-1.0, 0.0]])
    loss, gradient = system.loss_and_gradient()
    assert system.loss() == pytest.approx(r @ r, rel=1e-6)
    assert loss == pytest.approx(r @ r, rel=1e-6)
    np.testing.assert_allclose(gradient, 2.0 * jacobian.T @ r, rtol=1e-6)
    for found, expected in zip(system.jacobian(), (r, jacobian), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    vector = np.array([0.5, -2.0])
    product = jacobian.T @ jacobian @ vector
    np.testing.assert_allclose(system.gauss_newton_product(vector), product, rtol=1e-6)
    np.testing.assert_allclose(
        np.tril(system.normal_equations()[2]), np.tril(jacobian.T @ jacobian)
    )
    assert system.kernel_trace() == pytest.approx(np.sum(jacobian**2), rel=1e-6)


@pytest.mark.parametrize("make", ALL)
def test_the_minimum_of_the_function_of_rosenbrock_is_found(make):
    system = rosenbrock(-1.2, 1.0)
    loss, _ = solve(system, make(tolerance=1e-20 if ON_TENSORFLOW else 1e-10))
    assert loss <= (1e-20 if ON_TENSORFLOW else 1e-10)
    np.testing.assert_allclose(system.parameters, 1.0, atol=1e-9 if ON_TENSORFLOW else 1e-3)


def test_an_exponential_is_fitted_to_weighted_data():
    """`a exp(-b t)` through exact values; wrong values have the weight zero."""
    times = np.linspace(0.0, 2.0, 9)
    exact = np.stack([times, 3.0 * np.exp(-0.7 * times)], axis=1).astype(DTYPE)
    wrong = exact + np.array([0.0, 1.0], DTYPE)
    a, b = (keras.Variable(1.0, dtype=DTYPE) for _ in range(2))

    def misfit(rows):
        return a * ops.exp(-b * rows[:, :1]) - rows[:, 1:]

    residuals = Residuals({"exact": misfit, "wrong": misfit}, [a, b])
    inputs = {"exact": exact, "wrong": wrong}
    system = LeastSquares(residuals, inputs, {"exact": 1.0, "wrong": 0.0})
    for make in ALL:
        system.parameters = np.ones(2)
        solve(system, make(tolerance=1e-24 if ON_TENSORFLOW else 1e-12))
        rtol = 1e-9 if ON_TENSORFLOW else 1e-4
        np.testing.assert_allclose(system.parameters, (3.0, 0.7), rtol=rtol)
    # Without weights, the wrong values count: each is off by one.
    both = LeastSquares(residuals, inputs)
    assert both.loss() == pytest.approx(1.0, rel=1e-5)
    assert both.subsampled(3).loss() == pytest.approx(1.0, rel=1e-5)


def test_the_matrix_of_a_differential_equation_is_found_from_its_trajectories():
    """`u' = A u` of two unknowns, solved by the method of Runge and Kutta."""
    exact = np.array([[0.0, 1.0], [-4.0, -0.5]])  # a damped oscillation
    matrix = keras.Variable(np.zeros((2, 2)), dtype=DTYPE)
    starts, step, num_steps = np.random.default_rng(0).normal(size=(8, 2)), 0.05, 2

    def misfit(rows):  # the start and the end of a trajectory
        u = rows[:, :2]
        for _ in range(num_steps):
            first = u @ ops.transpose(matrix)
            second = (u + 0.5 * step * first) @ ops.transpose(matrix)
            third = (u + 0.5 * step * second) @ ops.transpose(matrix)
            fourth = (u + step * third) @ ops.transpose(matrix)
            u = u + step / 6.0 * (first + 2.0 * second + 2.0 * third + fourth)
        return u - rows[:, 2:]

    ends = starts @ expm(step * num_steps * exact).T
    rows = np.concatenate([starts, ends], axis=1).astype(DTYPE)
    system = LeastSquares(Residuals({"misfit": misfit}, [matrix]), {"misfit": rows})
    for optimizer in (LevenbergMarquardt(), SelfScaledBroyden()):
        system.parameters = np.zeros(4)
        solve(system, optimizer, 60)
        # The method of fourth order is off by about 1e-6.
        np.testing.assert_allclose(matrix, exact, atol=1e-4)


def test_inputs_of_no_function_are_named():
    system = rosenbrock(0.0, 0.0)
    with pytest.raises(ValueError, match="Received: inputs for other"):
        LeastSquares(system.residuals, {"other": np.zeros((1, 1))})
