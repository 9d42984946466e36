# score: 85-85
# caught by: pca_axes pca_share
# `np.linalg.eigh` sorts upwards, and the first axes are taken.

# %% tags=["task:pca"]
def fit_pca(images, num_components):
    mean = np.mean(images, axis=0)
    rows = (images - mean).reshape(len(images), -1)
    variances, vectors = np.linalg.eigh(rows.T @ rows)
    share = np.sum(variances[:num_components]) / np.sum(variances)
    return mean, vectors.T[:num_components].reshape(num_components, *mean.shape), share


def encode_pca(images, mean, axes):
    return np.tensordot(images - mean, axes, axes=([1, 2, 3], [1, 2, 3]))


def decode_pca(codes, mean, axes):
    return mean + np.tensordot(codes, axes, axes=([1], [0]))
