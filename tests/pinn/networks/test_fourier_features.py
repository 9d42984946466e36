import numpy as np
import pytest
from keras import ops

from keras_solvers.layers import FourierFeatures

pytestmark = pytest.mark.jax


def test_inner_products_are_those_of_the_gaussian_kernel():
    points = np.random.default_rng(0).uniform(-0.5, 0.5, (20, 2)).astype("float32")
    layer = FourierFeatures(20000, scale=0.8)
    waves = ops.convert_to_numpy(layer(points))
    found = waves @ waves.T / 20000
    distance = np.sum((points[:, None] - points[None]) ** 2, axis=-1)
    kernel = np.exp(-2.0 * np.pi**2 * 0.8**2 * distance)
    # A mean over 20,000 waves, each of deviation below one.
    np.testing.assert_allclose(found, kernel, atol=4.0 / np.sqrt(20000))


def test_the_seed_decides_the_waves():
    points = np.ones((1, 3), "float32")
    first, again, other = (FourierFeatures(4, seed=s)(points) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(np.asarray(first) - np.asarray(other)).max() > 0.1


def test_sizes_without_meaning_are_refused():
    with pytest.raises(ValueError, match="Received: num_waves=0"):
        FourierFeatures(0)
    with pytest.raises(ValueError, match=r"scale=-1\.0"):
        FourierFeatures(3, scale=-1.0)
