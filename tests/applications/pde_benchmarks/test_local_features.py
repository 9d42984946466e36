import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers.layers import LocalRandomFeatures

pytestmark = pytest.mark.jax
LATTICE = [(0.5 * i, 0.5 * j) for i in range(3) for j in range(3)]


def test_windows_on_a_lattice_sum_to_one():
    layer = LocalRandomFeatures(LATTICE, [0.5] * 9, num_features=1)
    x = np.random.default_rng(0).random((100, 2)).astype("float32")
    layer(x)
    layer.slopes.assign(np.zeros((9, 1, 2)))
    layer.shifts.assign(np.full((9, 1), 20.0))  # tanh(20) is 1
    layer.kernel.assign(np.ones((9, 1, 1)))
    np.testing.assert_allclose(ops.convert_to_numpy(layer(x)), 1.0, atol=1e-5)


def test_windows_of_other_sizes_are_all_heard():
    """Beside the formula, window by window."""
    centers, sizes = [*LATTICE, (0.5, 0.5), (0.5, 0.5)], [0.5] * 9 + [0.25, 0.125]
    layer = LocalRandomFeatures(centers, sizes, num_features=4, seed=0)
    x = np.random.default_rng(1).random((200, 2)).astype("float32")
    layer(x)
    kernel = np.random.default_rng(2).normal(size=(11, 4, 1)).astype("float32")
    layer.kernel.assign(kernel)
    expected = np.zeros(200)
    drawn = ops.convert_to_numpy(layer.slopes), ops.convert_to_numpy(layer.shifts)
    parts = zip(centers, sizes, *drawn, kernel, strict=True)
    for center, size, slopes, shifts, weights in parts:
        r = (x - np.array(center)) / size
        t = np.clip(1.0 - np.abs(r), 0.0, 1.0)
        window = np.prod(35 * t**4 - 84 * t**5 + 70 * t**6 - 20 * t**7, axis=1)
        expected += window * (np.tanh(r @ slopes.T + shifts) @ weights)[:, 0]
    np.testing.assert_allclose(ops.convert_to_numpy(layer(x))[:, 0], expected, atol=2e-5)


def test_slopes_and_shifts_are_drawn_apart_and_repeat():
    first, again = (LocalRandomFeatures(LATTICE, [0.5] * 9, 4, seed=1) for _ in range(2))
    x = np.zeros((1, 2), "float32")
    first(x), again(x)
    slopes, shifts = ops.convert_to_numpy(first.slopes), ops.convert_to_numpy(first.shifts)
    np.testing.assert_array_equal(slopes, ops.convert_to_numpy(again.slopes))
    assert not np.isin(shifts, slopes).any()
    assert np.abs(slopes).max() <= 1.5


def test_wrong_windows_and_inputs_are_named():
    with pytest.raises(ValueError, match="Each window has a centre"):
        LocalRandomFeatures(LATTICE, [0.5] * 8)
    with pytest.raises(ValueError, match="positive size"):
        LocalRandomFeatures([(0.0, 0.0)], [0.0])
    with pytest.raises(ValueError, match=r"2 coordinates. Received: input_shape=\(None, 3\)"):
        keras.Sequential([keras.Input((3,)), LocalRandomFeatures(LATTICE, [0.5] * 9)])
