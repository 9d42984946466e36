"""Classic and trivial baselines of the image networks, by scikit-learn."""


def pca(images, code_size):
    """The test images from their first `code_size` principal components of the training images."""
    from sklearn.decomposition import PCA

    model = PCA(code_size, svd_solver="covariance_eigh").fit(_rows(images.x_train))
    codes = model.transform(_rows(images.x_test))
    return model.inverse_transform(codes).reshape(images.x_test.shape)


def nearest_mean_error(images):
    """Share of test images that lie nearer to the mean of another class than to their own's."""
    from sklearn.neighbors import NearestCentroid

    model = NearestCentroid().fit(_rows(images.x_train), images.y_train)
    return 1.0 - model.score(_rows(images.x_test), images.y_test)


def _rows(images):
    return images.reshape(len(images), -1)
