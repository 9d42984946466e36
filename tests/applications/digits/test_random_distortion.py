import keras
import numpy as np
import pytest

from keras_solvers.applications.digits.random_distortion import resample
from keras_solvers.layers import RandomDistortion

IMAGES = np.random.default_rng(0).uniform(size=(3, 12, 10, 2)).astype("float32")
ROWS, COLUMNS = (
    np.broadcast_to(index, (3, 12, 10)).astype("float32") for index in np.indices((12, 10))
)
ALL = {"rotation": 10.0, "scale": 0.1, "shear": 0.1, "shift": 1.0, "elastic": 0.5}


def test_shift_by_whole_pixels_is_exact_and_brings_in_zeros():
    expected = np.zeros_like(IMAGES)
    expected[:, :-2, 3:] = IMAGES[:, 2:, :-3]
    np.testing.assert_array_equal(resample(IMAGES, ROWS + 2.0, COLUMNS - 3.0), expected)


def test_shift_by_half_a_pixel_is_the_mean_of_neighbours():
    inner = np.array(resample(IMAGES, ROWS, COLUMNS + 0.5))[:, :, :-1]
    np.testing.assert_allclose(inner, (IMAGES[:, :, :-1] + IMAGES[:, :, 1:]) / 2, atol=1e-6)


def test_positions_far_outside_read_zero():
    assert not np.any(resample(IMAGES, ROWS + 100.0, COLUMNS - 100.0))


def test_zero_limits_are_the_identity():
    np.testing.assert_array_equal(RandomDistortion(seed=0)(IMAGES, training=True), IMAGES)


def test_zero_strength_is_the_identity():
    layer = RandomDistortion(**ALL, seed=0)
    layer.build(IMAGES.shape)
    layer.strength.assign(0.0)
    # Bilinear weights of positions that are whole numbers up to rounding.
    np.testing.assert_allclose(layer(IMAGES, training=True), IMAGES, atol=1e-5)


def test_inference_is_the_identity():
    np.testing.assert_array_equal(RandomDistortion(**ALL, seed=0)(IMAGES), IMAGES)


def test_seed_repeats_the_distortion_and_images_differ():
    same = np.repeat(IMAGES[:1], 2, axis=0)
    first, again = (np.array(RandomDistortion(**ALL, seed=3)(same, training=True)) for _ in "ab")
    np.testing.assert_array_equal(first, again)
    assert np.abs(first[0] - first[1]).max() > 0.01


def test_displacement_has_the_given_standard_deviation():
    layer = RandomDistortion(elastic=1.5, smoothness=2.0, seed=0)
    layer.build((None, 12, 10, 1))
    field = np.array(layer._draw_field(4000))
    # Each pixel is normal: its deviation over 4000 draws is known to 1.1 %.
    np.testing.assert_allclose(field.std(axis=0), 1.5, rtol=0.06)


def test_rotation_turns_about_the_centre():
    layer = RandomDistortion(rotation=90.0, seed=0)
    layer.build((None, 9, 9, 1))
    layer._uniform = lambda num_images, limit: np.full((num_images, 1, 1), limit, "float32")
    image = IMAGES[:1, :9, :9, :1]
    turned = np.array(layer(image, training=True))
    np.testing.assert_allclose(turned, np.rot90(image, -1, axes=(1, 2)), atol=1e-5)


def test_trains_compiled_inside_a_network():
    inputs = keras.Input((12, 10, 2))
    outputs = keras.layers.Flatten()(RandomDistortion(**ALL, seed=0)(inputs))
    model = keras.Model(inputs, keras.layers.Dense(1)(outputs))
    model.compile("sgd", loss="mse", jit_compile=True)
    model.fit(IMAGES, np.zeros((3, 1)), verbose=0)


@pytest.mark.parametrize("wrong", [{"shift": -1.0}, {"smoothness": 0.0}])
def test_wrong_limits_are_refused(wrong):
    with pytest.raises(ValueError, match="Received: "):
        RandomDistortion(**wrong)
