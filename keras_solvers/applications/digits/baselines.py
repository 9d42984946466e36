"""Classic and trivial baselines of the image networks, by scikit-learn and SciPy."""

import math

import numpy as np


def pca(images, code_size):
    """The test images from their first `code_size` principal components of the training images."""
    from sklearn.decomposition import PCA

    model = PCA(code_size, svd_solver="covariance_eigh").fit(_rows(images.x_train))
    codes = model.transform(_rows(images.x_test))
    return model.inverse_transform(codes).reshape(images.x_test.shape)


def nearest_mean_error(images):
    """Share of test images that lie nearer to the mean of another class than to their own's."""
    from scipy.spatial.distance import cdist

    x, y = _rows(images.x_train), images.y_train
    means = np.stack([x[y == label].mean(axis=0) for label in np.unique(y)])
    answer = np.argmin(cdist(_rows(images.x_test), means), axis=1)
    return float(np.mean(np.unique(y)[answer] != images.y_test))


def bottleneck_size(network):
    """Numbers in the smallest layer of an autoencoder: its code."""
    return min(math.prod(layer.output.shape[1:]) for layer in network.layers)


def _rows(images):
    return images.reshape(len(images), -1)
