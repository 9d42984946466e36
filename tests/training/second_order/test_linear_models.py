"""Steps of all forms are the same, and those of the definition."""

import numpy as np
import pytest

from keras_solvers.training.second_order.linear_models import (
    KernelEquations,
    KrylovEquations,
    NormalEquations,
)


@pytest.mark.parametrize("shape", [(30, 12), (12, 30)])
def test_the_step_minimises_the_damped_model(shape):
    rng = np.random.default_rng(0)
    jacobian, r, damping = rng.normal(size=shape), rng.normal(size=shape[0]), 0.3
    stacked = np.concatenate([jacobian, np.sqrt(damping) * np.eye(shape[1])])
    right = np.concatenate([-r, np.zeros(shape[1])])
    expected = np.linalg.lstsq(stacked, right, rcond=None)[0]
    gram, half_gradient = jacobian.T @ jacobian, jacobian.T @ r
    for model in (
        NormalEquations(r @ r, half_gradient, gram),
        KernelEquations(r, jacobian),
        KrylovEquations(r @ r, half_gradient, lambda v: gram @ v, 200, 1e-12),
    ):
        step = model.step(damping)
        np.testing.assert_allclose(step, expected, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(model.loss, r @ r)
        decrease = r @ r - np.sum((r + jacobian @ step) ** 2)
        np.testing.assert_allclose(model.predicted_decrease(step, damping), decrease, rtol=1e-6)
