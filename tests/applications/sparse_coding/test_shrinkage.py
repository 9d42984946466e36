"""Learned shrinkage steps against the formulas that they unroll."""

import keras
import numpy as np
import pytest

from keras_solvers.layers import Shrinkage


@pytest.fixture
def dictionary():
    matrix = np.random.default_rng(0).normal(size=(12, 20))
    return matrix / np.linalg.norm(matrix, axis=0)


@pytest.fixture
def x():
    return np.random.default_rng(1).normal(size=(7, 12)).astype("float32")


def initialized(dictionary, **options):
    """A layer that does steps of length 0.1 with penalty 0.5."""
    layer = Shrinkage(dictionary.shape[1], **options)
    layer.build((None, dictionary.shape[0]), (None, dictionary.shape[1]))
    layer.initialize_as_ista(dictionary, dictionary, step_length=0.1, penalty=0.5)
    return layer


def soft(u, threshold):
    return np.sign(u) * np.maximum(np.abs(u) - threshold, 0.0)


FORMS = [
    {},
    {"train_decoder": True},
    {"inhibition": True},
    {"train_encoder": False, "scalar_threshold": True},
]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_starts_as_the_same_proximal_gradient_step(dictionary, x, form):
    y = soft(np.random.default_rng(2).normal(size=(7, 20)), 1.0).astype("float32")
    expected = soft(y + 0.1 * (x - y @ dictionary.T) @ dictionary, 0.05)
    # Sums of 20 products of order 1 in float32.
    np.testing.assert_allclose(initialized(dictionary, **form)(x, y), expected, atol=2e-6)


@pytest.mark.parametrize("form", FORMS)
def test_a_missing_code_is_zero(dictionary, x, form):
    layer = initialized(dictionary, **form)
    np.testing.assert_allclose(layer(x), layer(x, np.zeros((7, 20), "float32")), atol=1e-6)


@pytest.mark.parametrize("form", FORMS)
def test_steps_that_share_matrices_equal_repeated_calls(dictionary, x, form):
    one = initialized(dictionary, **form)
    three = initialized(dictionary, num_steps=3, **form)
    np.testing.assert_allclose(three(x), one(x, one(x, one(x))), atol=1e-6)


def test_momentum_extrapolates_along_the_last_move(dictionary, x):
    plain = initialized(dictionary)
    layer = initialized(dictionary, momentum=True)
    layer.momenta.assign([0.4])
    previous = np.array(plain(x))
    y = np.array(plain(x, previous))
    expected = plain(x, y + 0.4 * (y - previous))
    np.testing.assert_allclose(layer(x, y, previous), expected, atol=1e-6)
    np.testing.assert_allclose(layer(x, y), plain(x, 1.4 * y), atol=1e-6)


def test_a_single_step_from_zero_holds_no_decoder(x):
    layer = Shrinkage(20, train_decoder=True, momentum=True)
    layer(x)
    assert [weight.name for weight in layer.weights] == ["encoder", "thresholds"]


def test_trusted_entries_pass_unshrunk(dictionary, x):
    u = 0.1 * x @ dictionary
    y = np.array(initialized(dictionary, support_shares=[0.1])(x))
    for moved, code in zip(u, y):
        largest = np.argsort(-np.abs(moved))[:2]  # a tenth of 20 atoms
        expected = soft(moved, 0.05)
        expected[largest] = np.where(np.abs(moved) > 0.05, moved, 0.0)[largest]
        np.testing.assert_allclose(code, expected, atol=1e-6)


def test_thresholds_stay_non_negative_under_large_steps(dictionary, x):
    layer = initialized(dictionary, num_steps=2)
    inputs = keras.Input((12,))
    model = keras.Model(inputs, layer(inputs))
    model.compile(keras.optimizers.SGD(100.0), loss="mse")
    # Labels larger than any code pull every threshold downwards.
    model.fit(x, 100.0 * np.sign(np.array(model(x))), epochs=3, verbose=0)
    thresholds = keras.ops.convert_to_numpy(layer.thresholds)
    assert thresholds.min() == 0.0


@pytest.mark.parametrize(
    ("form", "num_trainable"),
    [
        ({}, 12 * 20 + 3 * 20),
        ({"train_decoder": True, "momentum": True}, 2 * 12 * 20 + 3 * 20 + 3),
        ({"inhibition": True}, 12 * 20 + 20 * 20 + 3 * 20),
        ({"train_encoder": False, "scalar_threshold": True}, 3 + 3),
    ],
)
def test_number_of_learned_weights(dictionary, form, num_trainable):
    layer = initialized(dictionary, num_steps=3, **form)
    assert sum(np.prod(weight.shape) for weight in layer.trainable_weights) == num_trainable


@pytest.mark.parametrize(
    "wrong", [{"num_steps": 0}, {"support_shares": [1.0]}, {"support_shares": [0.1, 0.1]}]
)
def test_options_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="Received"):
        Shrinkage(20, **wrong)
