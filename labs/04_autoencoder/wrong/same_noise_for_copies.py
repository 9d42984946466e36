# score: 95-95
# caught by: noisy_pairs
# The noise is drawn once, for one image, and added to all.

# %% tags=["task:denoising"]
def noisy_pairs(images, deviation, copies, seed):
    targets = np.repeat(images, copies, axis=0).astype("float32")
    noise = np.random.default_rng(seed).normal(size=images.shape)
    noise = np.repeat(noise, copies, axis=0)
    return np.clip(targets + deviation * noise, 0.0, 1.0).astype("float32"), targets


def best_gaussian(noisy, clean, widths):
    filtered = [ndimage.gaussian_filter(noisy, (0.0, width, width, 0.0)) for width in widths]
    errors = np.array([np.mean((image - clean) ** 2) for image in filtered])
    return widths[np.argmin(errors)], errors


def train_denoiser(images, deviation, epochs, seed):
    inputs, targets = noisy_pairs(images, deviation, 1, seed)
    return train_autoencoder(build_autoencoder(8, seed), inputs, targets, epochs)
