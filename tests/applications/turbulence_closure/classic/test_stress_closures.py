"""Algebraic Reynolds-stress models, against the equation they solve and known flows."""

import numpy as np
import pytest
from keras import ops

from keras_solvers.classic import (
    ExplicitAlgebraicStress,
    LinearEddyViscosity,
    QuadraticEddyViscosity,
)
from keras_solvers.problems import AlgebraicStress

pytestmark = pytest.mark.jax
PROBLEM = AlgebraicStress()


def plane(num=200):
    """Gradients of plane flows, some dominated by strain and some by rotation."""
    rng = np.random.default_rng(0)
    strain, rotation = np.zeros((2, num, 3, 3))
    a, b, c = rng.normal(size=(3, num)) * 10.0 ** rng.uniform(-1, 1, num)
    strain[:, 0, 0], strain[:, 1, 1] = a, -a
    strain[:, 0, 1] = strain[:, 1, 0] = b
    rotation[:, 0, 1], rotation[:, 1, 0] = c, -c
    return np.stack([strain, rotation], axis=1).astype("float32")


def relative_residual(x, y):
    residual = ops.convert_to_numpy(PROBLEM.residual(x, y))
    return np.linalg.norm(residual, axis=(1, 2)) / np.linalg.norm(0.6 * x[:, 0], axis=(1, 2))


def test_in_plane_flows_the_solution_is_exact():
    x = plane()
    assert relative_residual(x, ExplicitAlgebraicStress(PROBLEM)(x)).max() < 2e-3  # float32


def test_in_other_flows_the_iterations_converge():
    x = ops.convert_to_numpy(PROBLEM.sample(500, seed=1))
    errors = [
        np.median(relative_residual(x, ExplicitAlgebraicStress(PROBLEM, number)(x)))
        for number in (0, 3, 12)
    ]
    assert errors[0] < 0.05
    assert errors[1] < 0.3 * errors[0]
    assert errors[2] < 1e-4


def test_normal_stresses_of_a_shear_differ_unlike_those_of_a_linear_closure():
    shear = np.zeros((1, 2, 3, 3), "float32")
    shear[0, 0, 0, 1] = shear[0, 0, 1, 0] = shear[0, 1, 0, 1] = 1.7
    shear[0, 1, 1, 0] = -1.7
    b = ops.convert_to_numpy(ExplicitAlgebraicStress(PROBLEM)(shear))[0]
    # The logarithmic layer: b12 about -0.15, b11 > b33 > b22 (Wallin and Johansson, section 4).
    assert -0.17 < b[0, 1] < -0.13
    assert b[0, 0] > 0.1 > abs(b[2, 2]) > -0.1 > b[1, 1]
    assert abs(np.trace(b)) < 1e-6
    linear = ops.convert_to_numpy(LinearEddyViscosity()(shear))[0]
    np.testing.assert_allclose(linear[0, 1], -0.09 * 1.7, rtol=1e-6)
    np.testing.assert_allclose(np.diag(linear), 0.0, atol=1e-7)


def test_the_quadratic_closure_in_a_parallel_shear():
    a = 1.5
    x = np.zeros((1, 2, 3, 3))
    x[0, 0, 0, 1] = x[0, 0, 1, 0] = x[0, 1, 0, 1] = a
    x[0, 1, 1, 0] = -a
    b = ops.convert_to_numpy(QuadraticEddyViscosity()(x))[0]
    assert b[0, 1] == pytest.approx(-2.0 / 3.0 / (1.25 + 2.0 * a + 0.9 * 2.0 * a) * a, rel=1e-5)
    bound = 2.0 * (1000.0 + 8.0 * a**3)
    assert b[0, 0] - b[1, 1] == pytest.approx(60.0 * a**2 / bound, rel=1e-5)
    assert b[0, 0] + b[1, 1] == pytest.approx(44.0 / 3.0 * a**2 / bound, rel=1e-5)
    assert np.trace(b) == pytest.approx(0.0, abs=1e-7)  # float32
