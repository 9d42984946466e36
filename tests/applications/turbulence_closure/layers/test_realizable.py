"""The projection on realizable anisotropies, and the penalty of others."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers.applications.turbulence_closure import is_realizable
from keras_solvers.applications.turbulence_closure.layers.realizable import smallest_eigenvalue
from keras_solvers.applications.turbulence_closure.realizability import barycentric_coordinates
from keras_solvers.layers import RealizabilityPenalty, Realizable
from keras_solvers.models import shrinkage_closure, tensor_basis_ensemble

pytestmark = pytest.mark.jax


def anisotropies(num, size, seed=0):
    b = size * np.random.default_rng(seed).normal(size=(num, 3, 3))
    b = 0.5 * (b + b.swapaxes(1, 2))
    return b - np.trace(b, axis1=1, axis2=2)[:, None, None] / 3.0 * np.eye(3)


def projected(b):
    return ops.convert_to_numpy(Realizable()(b.astype("float32"))).astype("float64")


@pytest.mark.parametrize("size", [0.1, 1.0, 100.0])
def test_all_outputs_are_realizable_and_parallel_to_the_input(size):
    b = anisotropies(500, size)
    y = projected(b)
    assert is_realizable(y).all()
    factor = np.sum(y * b, axis=(1, 2)) / np.sum(b * b, axis=(1, 2))
    np.testing.assert_allclose(y, factor[:, None, None] * b, atol=1e-6)


def test_realizable_tensors_are_unchanged_and_others_move_to_the_boundary():
    b = anisotropies(500, 0.3)
    inside = np.linalg.eigvalsh(b)[:, 0] > -1.0 / 3.0 + 1e-5
    assert 50 < inside.sum() < 450
    y = projected(b)
    np.testing.assert_allclose(y[inside], b[inside], atol=1e-6)
    np.testing.assert_allclose(np.linalg.eigvalsh(y[~inside])[:, 0], -1.0 / 3.0, atol=1e-5)


def test_the_closed_form_agrees_with_lapack_also_for_equal_eigenvalues():
    b = np.concatenate([anisotropies(200, 0.3), np.diag([2.0, -1.0, -1.0])[None] / 3.0])
    b = np.concatenate([b, -b, np.zeros((1, 3, 3))]).astype("float32")
    found = ops.convert_to_numpy(smallest_eigenvalue(b))
    # The cosine is clipped at 1 - 1e-6, which changes the angle by up to 1.4e-3.
    np.testing.assert_allclose(found, np.linalg.eigvalsh(b)[:, 0], rtol=1e-3, atol=3e-6)


def test_corners_of_the_triangle():
    one = np.diag([2.0, -1.0, -1.0]) / 3.0
    two = np.diag([1.0, 1.0, -2.0]) / 6.0
    found = barycentric_coordinates(np.stack([one, two, np.zeros((3, 3))]))
    np.testing.assert_allclose(found, np.eye(3), atol=1e-12)


def test_the_penalty_is_the_mean_squared_violation():
    b = anisotropies(50, 0.5).astype("float32")
    layer = RealizabilityPenalty(3.0)
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(b)), b)
    violation = np.maximum(-1.0 / 3.0 - np.linalg.eigvalsh(b.astype("float64"))[:, 0], 0.0)
    expected = 3.0 * np.mean(violation**2)
    assert float(ops.convert_to_numpy(layer.losses[0])) == pytest.approx(expected, rel=1e-3)
    with pytest.raises(ValueError, match="weight=-1"):
        RealizabilityPenalty(-1.0)


def test_the_penalty_makes_an_ensemble_realizable_without_data():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 2, 3, 3)).astype("float32") * 5.0
    x[:, 0] += x[:, 0].swapaxes(1, 2)
    x[:, 1] -= x[:, 1].swapaxes(1, 2)
    fractions = []
    for penalty in (0.0, 10.0):
        keras.utils.set_random_seed(0)
        ensemble = tensor_basis_ensemble(2, 16, 2, penalty=penalty)
        ensemble.compile(keras.optimizers.Adam(1e-2), "mse", steps_per_execution=20)
        # The target of all samples is not realizable, and the network extrapolates it.
        targets = np.zeros((400, 2, 3, 3), "float32") + np.diag([0.8, -0.4, -0.4])
        weights = np.where(np.arange(400) < 20, 1.0, 0.0)[:, None, None]
        ensemble.fit(x, targets, 20, 20, sample_weight=weights, verbose=0)
        found = ops.convert_to_numpy(ensemble(x[20:])).astype("float64")
        fractions.append(is_realizable(found.reshape(-1, 3, 3)).mean())
    assert fractions[0] < 0.9 < 0.97 < fractions[1], fractions


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_is_realizable_too(dtype):
    b = np.concatenate([np.zeros((1, 3, 3)), anisotropies(500, 2.0)])
    y = ops.cast(Realizable(dtype=dtype)(b), "float32")
    assert is_realizable(ops.convert_to_numpy(y).astype("float64")).all()


def test_an_ensemble_is_finite_in_mixed_precision():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        closure = shrinkage_closure(tensor_basis_ensemble(3, 8, 2))
    finally:
        keras.config.set_dtype_policy("float32")
    x = np.zeros((3, 2, 3, 3), "float32")
    x[1:, 0, 0, 1] = x[1:, 0, 1, 0] = x[1:, 1, 0, 1] = [1e-5, 1e6]
    x[1:, 1, 1, 0] = [-1e-5, -1e6]
    assert np.isfinite(closure.predict_on_batch(x)).all()
