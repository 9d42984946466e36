import keras
import numpy as np
import pytest

from keras_solvers.layers import DropConnectDense


def _layer(**kwargs):
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(4, 30)).astype("float32")
    layer = DropConnectDense(6, **kwargs)
    layer(x)
    return layer, x


def test_moments_match_those_of_1000_sampled_masks():
    layer, x = _layer(rate=0.4, seed=1)
    sampled = np.stack([np.array(layer.masked(x)) for _ in range(1000)])
    mean, deviation = (np.array(m) for m in layer.moments(x))
    # Over all 24 outputs the sampling error of either is 1 / sqrt(1000 * 24), 0.7 %.
    scale = np.linalg.norm(deviation)
    assert np.linalg.norm(sampled.mean(0) - mean) < 3 * scale / np.sqrt(1000)
    assert abs(np.linalg.norm(sampled.std(0)) / scale - 1.0) < 0.02


@pytest.mark.parametrize("activation", ["relu", "sigmoid", None])
def test_inference_is_the_mean_over_the_normal_pre_activation(activation):
    layer, x = _layer(rate=0.5, activation=activation)
    mean, deviation = (np.array(m) for m in layer.moments(x))
    draws = mean + deviation * np.random.default_rng(1).normal(size=(100_000, 1, 1))
    expected = np.array(keras.activations.get(activation)(draws.astype("float32"))).mean(0)
    # Five standard errors of the sampled mean.
    np.testing.assert_allclose(layer(x), expected, atol=5 * deviation.max() / np.sqrt(100_000))


def test_without_dropping_it_is_a_dense_layer():
    layer, x = _layer(rate=0.0, activation="relu")
    dense = np.maximum(x @ np.array(layer.kernel) + np.array(layer.bias), 0.0)
    np.testing.assert_allclose(layer(x), dense, atol=1e-5)
    np.testing.assert_allclose(layer(x, training=True), dense, atol=1e-5)


def test_every_example_gets_a_mask_of_its_own():
    layer, x = _layer(rate=0.5, seed=2)
    same = np.repeat(x[:1], 8, axis=0)
    assert np.ptp(np.array(layer(same, training=True)), axis=0).min() > 0.0


def test_zero_input_has_finite_output():
    layer, x = _layer(rate=0.5, activation="relu")
    assert np.all(np.isfinite(layer(np.zeros_like(x))))


def test_rate_outside_the_unit_interval_is_refused():
    with pytest.raises(ValueError, match=r"Received: rate=1\.0"):
        DropConnectDense(3, rate=1.0)
