# score: 90-90
# caught by: pca_codes
# The mean is added by the decoder, but not subtracted by the encoder.

# %% tags=["task:pca"]
def fit_pca(images, num_components):
    mean = np.mean(images, axis=0)
    rows = (images - mean).reshape(len(images), -1)
    _, sigma, axes = np.linalg.svd(rows, full_matrices=False)
    share = np.sum(sigma[:num_components] ** 2) / np.sum(sigma**2)
    return mean, axes[:num_components].reshape(num_components, *mean.shape), share


def encode_pca(images, mean, axes):
    return np.tensordot(images, axes, axes=([1, 2, 3], [1, 2, 3]))


def decode_pca(codes, mean, axes):
    return mean + np.tensordot(codes, axes, axes=([1], [0]))
