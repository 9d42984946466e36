import keras
import numpy as np
import pytest

from keras_solvers.applications.digits.lenet import digit_bitmaps
from keras_solvers.models import (
    classic_autoencoder,
    conv_autoencoder,
    convnet,
    ensemble,
    lenet5,
    mlp,
    softmax_regression,
)

IMAGES = np.random.default_rng(0).uniform(size=(4, 28, 28, 1)).astype("float32")
LABELS = np.arange(4)


@pytest.mark.parametrize(
    ("model", "num_parameters"),
    [
        (softmax_regression, 7_850),
        (lambda: mlp((28, 28, 1), 10), 784 * 512 + 512 + 512 * 10 + 10),
        (lambda: lenet5(modern=True), 61_706),
        (classic_autoencoder, 4_385),
    ],
)
def test_number_of_parameters(model, num_parameters):
    assert model().count_params() == num_parameters


def test_lenet5_has_the_layers_of_1998():
    model = lenet5()
    sizes = {"c1": 156, "s2": 12, "c3": 1_516, "s4": 32, "c5": 48_120, "f6": 10_164}
    shapes = {"c1": (28, 28, 6), "s2": (14, 14, 6), "c3": (10, 10, 16), "s4": (5, 5, 16)}
    for name, size in sizes.items():
        assert model.get_layer(name).count_params() == size
    for name, shape in shapes.items():
        assert model.get_layer(name).output.shape[1:] == shape
    assert model.get_layer("distance").count_params() == 840
    assert sum(np.prod(w.shape) for w in model.trainable_variables) == 60_000


def test_digit_bitmaps_are_seven_by_twelve_and_distinct():
    bitmaps = digit_bitmaps()
    assert bitmaps.shape == (10, 84)
    assert set(np.unique(bitmaps)) == {-1.0, 1.0}
    distances = ((bitmaps[:, None] - bitmaps) ** 2).sum(-1) + 1000 * np.eye(10)
    assert distances.min() >= 4 * 8  # eight pixels apart at least


@pytest.mark.parametrize("build", [softmax_regression, lenet5, convnet])
def test_classifier_learns_four_images_and_survives_saving(build, tmp_path):
    keras.utils.set_random_seed(0)
    model = build()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(3e-3), loss=loss)
    history = model.fit(IMAGES, LABELS, epochs=40, verbose=0).history["loss"]
    assert history[-1] < 0.5 * history[0]
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again(IMAGES), model(IMAGES), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("build", [softmax_regression, lenet5, convnet, conv_autoencoder])
def test_outputs_are_float32_in_mixed_precision(build):
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    try:
        output = build()(IMAGES)
    finally:
        keras.mixed_precision.set_global_policy("float32")
    assert keras.backend.standardize_dtype(output.dtype) == "float32"


def test_autoencoder_halves():
    model = conv_autoencoder(code_channels=2)
    encoder, decoder = model.get_layer("encoder"), model.get_layer("decoder")
    code = encoder(IMAGES)
    assert tuple(code.shape) == (4, 4, 4, 2)
    np.testing.assert_allclose(decoder(code), model(IMAGES), atol=1e-6)
    assert classic_autoencoder().output_shape == (None, 28, 28, 1)


def test_ensemble_is_the_mean_probability(tmp_path):
    members = [softmax_regression(), mlp((28, 28, 1), 10, width=8)]
    together = ensemble(members)
    expected = np.mean([np.array(keras.ops.softmax(m(IMAGES))) for m in members], axis=0)
    np.testing.assert_allclose(np.exp(together(IMAGES)), expected, rtol=1e-5)
    together.save(tmp_path / "ensemble.keras")
    again = keras.saving.load_model(tmp_path / "ensemble.keras")
    np.testing.assert_allclose(again(IMAGES), together(IMAGES), rtol=1e-5)


@pytest.mark.parametrize("models", [[], [softmax_regression(), mlp((28, 28, 1), 3)]])
def test_ensemble_refuses_unequal_members(models):
    with pytest.raises(ValueError, match=r"empty|must agree"):
        ensemble(models)
