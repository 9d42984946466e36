import keras
import numpy as np
import pytest

from keras_solvers.layers import PartiallyConnectedConvolution, RadialBasis, Subsampling

X = np.random.default_rng(0).normal(size=(2, 6, 8, 3)).astype("float32")


def test_full_table_equals_an_ordinary_convolution():
    layer = PartiallyConnectedConvolution([range(3)] * 4, 3)
    ordinary = keras.layers.Conv2D(4, 3)
    layer(X), ordinary(X)
    # Connections are stored output by output, an ordinary kernel (row, column, input, output).
    kernel = np.array(layer.kernel).reshape(3, 3, 4, 3).swapaxes(2, 3)
    ordinary.set_weights([kernel, np.array(layer.bias)])
    np.testing.assert_allclose(layer(X), ordinary(X), atol=1e-6)


def test_missing_connections_are_not_read():
    layer = PartiallyConnectedConvolution([[0], [1, 2]], 3)
    before = np.array(layer(X))
    changed = X.copy()
    changed[..., 0] += 1.0
    moved = np.abs(np.array(layer(changed)) - before).max(axis=(0, 1, 2))
    assert moved[0] > 1e-3
    assert moved[1] == 0.0


def test_table_beyond_the_input_is_refused():
    with pytest.raises(ValueError, match="reads input map 3"):
        PartiallyConnectedConvolution([[0, 3]], 3)(X)


def test_subsampling_is_an_affine_map_of_block_sums():
    layer = Subsampling()
    layer(X)
    layer.set_weights([np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.0, -0.5])])
    sums = X.reshape(2, 3, 2, 4, 2, 3).sum(axis=(2, 4))
    np.testing.assert_allclose(layer(X), [1, 2, 3] * sums + [0.5, 0.0, -0.5], atol=1e-5)


def test_radial_basis_is_the_squared_distance():
    centers = np.random.default_rng(1).normal(size=(5, 7))
    x = np.random.default_rng(2).normal(size=(4, 7)).astype("float32")
    expected = ((x[:, None] - centers) ** 2).sum(-1)
    layer = RadialBasis(centers)
    np.testing.assert_allclose(layer(x), expected, rtol=1e-5)
    assert not layer.trainable_variables


def test_centers_of_another_size_are_refused():
    with pytest.raises(ValueError, match="must agree"):
        RadialBasis(np.zeros((2, 3)))(np.zeros((1, 4)))
