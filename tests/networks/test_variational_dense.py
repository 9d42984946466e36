"""Variational weights, against closed forms of the divergence and of the posterior."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers.layers import VariationalDense
from keras_solvers.models import bayesian_tensor_basis_network

pytestmark = pytest.mark.jax


def built(size=3, members=4, **kwargs):
    layer = VariationalDense(2, seed=0, **kwargs)
    layer.build((None, members, size))
    return layer


def test_the_divergence_is_that_of_gaussian_distributions():
    layer = built(prior_std=0.7)
    layer.log_ratio.assign(np.linspace(-2.0, 0.5, 6).reshape(3, 2))
    values = (layer.mean, layer.standard_deviation())
    mean, deviation = (ops.convert_to_numpy(a).ravel() for a in values)
    w = np.linspace(-12.0, 12.0, 200_001)
    expected = 0.0
    for m, d in zip(mean, deviation):
        density = np.exp(-0.5 * ((w - m) / d) ** 2) / (d * np.sqrt(2.0 * np.pi))
        ratio = np.log(0.7 / d) - 0.5 * ((w - m) / d) ** 2 + 0.5 * (w / 0.7) ** 2
        expected += np.trapezoid(density * ratio, w)
    assert float(ops.convert_to_numpy(layer.kl_divergence())) == pytest.approx(expected, rel=1e-5)


def test_members_are_reproducible_samples_of_the_posterior():
    layer = built(members=4000, prior_std=1.0)
    layer.log_ratio.assign(np.full((3, 2), np.log(0.3)))
    x = np.tile(np.array([[1.0, -2.0, 0.5]], "float32"), (1, 4000, 1))
    found = ops.convert_to_numpy(layer(x))
    np.testing.assert_array_equal(found, ops.convert_to_numpy(layer(x)))
    mean = x[0, 0] @ ops.convert_to_numpy(layer.mean)
    np.testing.assert_allclose(found[0].mean(axis=0), mean, atol=0.03)
    np.testing.assert_allclose(found[0].std(axis=0), 0.3 * np.sqrt(5.25), rtol=0.05)
    drawn = [ops.convert_to_numpy(layer(x, training=True)) for _ in range(2)]
    assert np.abs(drawn[0] - drawn[1]).max() > 0.1
    np.testing.assert_allclose(drawn[0][0].std(axis=0), found[0].std(axis=0), rtol=0.1)


def test_a_linear_model_finds_the_posterior_of_its_weights():
    # Orthogonal columns: the weights are independent in the posterior, as the layer assumes.
    rng = np.random.default_rng(0)
    n, noise, prior_std = 64, 0.5, 1.0
    x = np.linalg.qr(rng.normal(size=(n, 2)))[0] * np.array([6.0, 1.5])
    y = x @ np.array([[1.0], [-2.0]]) + noise * rng.normal(size=(n, 1))
    precision = 1.0 / prior_std**2 + np.array([36.0, 2.25]) / noise**2
    expected = (x.T @ y)[:, 0] / noise**2 / precision

    keras.utils.set_random_seed(0)
    layer = VariationalDense(1, prior_std=prior_std, kl_weight=2.0 * noise**2 / n, seed=0)
    inputs = keras.Input((16, 2))
    model = keras.Model(inputs, layer(inputs))
    layer.bias.trainable = False
    rate = keras.optimizers.schedules.CosineDecay(0.05, 3000)
    model.compile(keras.optimizers.Adam(rate), "mse", steps_per_execution=100)
    many = [np.repeat(a[:, None], 16, axis=1).astype("float32") for a in (x, y)]
    model.fit(np.tile(many[0], (100, 1, 1)), np.tile(many[1], (100, 1, 1)), n, 30, verbose=0)
    np.testing.assert_allclose(ops.convert_to_numpy(layer.mean)[:, 0], expected, atol=0.05)
    found = ops.convert_to_numpy(layer.standard_deviation())[:, 0]
    np.testing.assert_allclose(found, 1.0 / np.sqrt(precision), rtol=0.1)


def test_bad_settings_are_named():
    with pytest.raises(ValueError, match="prior_std=-1"):
        VariationalDense(2, prior_std=-1.0)
    with pytest.raises(ValueError, match=r"num_members, size.*\(None, 3\)"):
        VariationalDense(2).build((None, 3))


def test_members_of_a_bayesian_network_share_the_posterior_but_differ():
    network = bayesian_tensor_basis_network(1e-3, num_members=3, width=8, depth=2, seed=0)
    x = np.random.default_rng(0).normal(size=(5, 2, 3, 3)).astype("float32")
    found = ops.convert_to_numpy(network(x))
    assert np.abs(found[:, 0] - found[:, 1]).max() > 1e-6
    means = [w for w in network.trainable_weights if w.name == "mean"]
    assert [w.shape for w in means] == [(6, 8), (8, 8), (8, 10)]
    assert len(network.losses) == 3


def test_all_samples_are_independent():
    network = bayesian_tensor_basis_network(1e-3, num_members=3, width=16, depth=3, seed=0)
    layers = [layer for layer in network.layers if isinstance(layer, VariationalDense)]
    weights = [w for layer in layers for w in (layer.mean, layer.noise)]
    numbers = [ops.convert_to_numpy(w).ravel()[:96] for w in weights]
    correlation = np.corrcoef(numbers) - np.eye(len(numbers))
    assert np.abs(correlation).max() < 0.5  # of 96 independent ones: 0.1
    noise = [
        ops.convert_to_numpy(keras.random.normal((96,), seed=layer.seed_generator))
        for layer in layers
    ]
    assert np.abs(np.corrcoef(noise) - np.eye(len(noise))).max() < 0.5
