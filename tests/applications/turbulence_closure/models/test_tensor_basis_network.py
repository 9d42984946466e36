"""The tensor-basis network: learning, equivariance, scalars and precision."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.stats import ortho_group

from keras_solvers.applications.turbulence_closure import split_preprocessing
from keras_solvers.classic import ExplicitAlgebraicStress, LinearEddyViscosity
from keras_solvers.models import tensor_basis_network
from keras_solvers.problems import AlgebraicStress

pytestmark = pytest.mark.jax
PROBLEM = AlgebraicStress()


def rotated(x, q):
    return np.einsum("ij,...jk,lk->...il", q, x, q).astype("float32")


def relative_error(found, expected):
    return np.linalg.norm(found - expected) / np.linalg.norm(expected)


def test_it_learns_a_closure_and_is_equivariant():
    truth = ExplicitAlgebraicStress(PROBLEM, 12)
    x, unseen = (ops.convert_to_numpy(PROBLEM.sample(2000, seed)) for seed in (0, 1))
    y, expected = (ops.convert_to_numpy(truth(each)) for each in (x, unseen))
    keras.utils.set_random_seed(0)
    network = tensor_basis_network(depth=3)
    rate = keras.optimizers.schedules.CosineDecay(5e-3, 2000)
    network.compile(keras.optimizers.Adam(rate), "mse", steps_per_execution=20)
    network.fit(x, y, batch_size=100, epochs=100, verbose=0)
    found = network.predict(unseen, verbose=0)
    assert relative_error(found, expected) < 0.05
    linear = ops.convert_to_numpy(LinearEddyViscosity()(unseen))
    assert relative_error(linear, expected) > 0.3

    np.testing.assert_allclose(found, found.swapaxes(1, 2), atol=1e-5)
    np.testing.assert_allclose(np.trace(found, axis1=1, axis2=2), 0.0, atol=1e-5)
    for seed in range(3):
        q = ortho_group(3, seed=seed).rvs()
        again = network.predict(rotated(unseen, q), verbose=0)
        np.testing.assert_allclose(again, rotated(found, q), atol=1e-4)


def test_its_coefficients_may_depend_on_scalars(tmp_path):
    keras.utils.set_random_seed(0)
    network = tensor_basis_network(8, 2, scalar_sizes=(50.0, 1.0))
    x = ops.convert_to_numpy(PROBLEM.sample(20, 0))
    scalars = np.random.default_rng(0).uniform(0.0, 1e4, (20, 2)).astype("float32")
    found = network.predict_on_batch({"tensors": x, "scalars": scalars})
    q = ortho_group(3, seed=1).rvs()
    again = network.predict_on_batch({"tensors": rotated(x, q), "scalars": scalars})
    np.testing.assert_allclose(again, rotated(found, q), atol=1e-5)
    other = network.predict_on_batch({"tensors": x, "scalars": 0.0 * scalars})
    assert np.abs(other - found).max() > 1e-2

    network.save(tmp_path / "closure.keras")
    loaded = keras.saving.load_model(tmp_path / "closure.keras")
    same = loaded.predict_on_batch({"tensors": x, "scalars": scalars})
    np.testing.assert_allclose(same, found, atol=1e-6)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="float64 on TensorFlow alone")
def test_its_weights_can_be_used_in_float64():
    network = tensor_basis_network(8, 2, scalar_sizes=(50.0,))
    fine = tensor_basis_network(8, 2, scalar_sizes=(50.0,), dtype="float64")
    fine.set_weights(network.get_weights())
    x = {"tensors": ops.convert_to_numpy(PROBLEM.sample(20, 0)), "scalars": np.ones((20, 1))}
    found = ops.convert_to_numpy(fine({name: v.astype("float64") for name, v in x.items()}))
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, network.predict_on_batch(x), atol=1e-5)


def test_training_the_trainable_part_trains_the_network():
    network = tensor_basis_network(8, 2, scalar_sizes=(50.0,))
    x = {"tensors": ops.convert_to_numpy(PROBLEM.sample(20, 0)), "scalars": np.ones((20, 1))}
    preprocessing, trainable = split_preprocessing(network)
    prepared = preprocessing.predict_on_batch(x)
    before = network.predict_on_batch(x)
    np.testing.assert_allclose(trainable.predict_on_batch(prepared), before, atol=1e-6)
    trainable.compile(keras.optimizers.SGD(1.0), "mse")
    trainable.train_on_batch(prepared, before + 1.0)
    after = network.predict_on_batch(x)
    assert np.abs(after - before).max() > 1e-3
    np.testing.assert_allclose(trainable.predict_on_batch(prepared), after, atol=1e-6)


def test_without_invariants_the_stress_of_a_small_gradient_is_linear_in_it():
    keras.utils.set_random_seed(0)
    network = tensor_basis_network(8, 2, scalar_sizes=(50.0,), invariants=False)
    x = 1e-5 * ops.convert_to_numpy(PROBLEM.sample(20, 0))
    one, two = (
        network.predict_on_batch({"tensors": factor * x, "scalars": np.ones((20, 1))})
        for factor in (1.0, 2.0)
    )
    np.testing.assert_allclose(two, 2.0 * one, rtol=0.01, atol=1e-9)
    with pytest.raises(ValueError, match="depend on nothing"):
        tensor_basis_network(invariants=False)
