# score: 85-85
# caught by: noisy_pairs denoise_quality
# The target is the noisy image itself.

# %% tags=["task:denoising"]
def noisy_pairs(images, deviation, copies, seed):
    targets = np.repeat(images, copies, axis=0).astype("float32")
    noise = np.random.default_rng(seed).normal(size=targets.shape)
    noisy = np.clip(targets + deviation * noise, 0.0, 1.0).astype("float32")
    return noisy, noisy


def best_gaussian(noisy, clean, widths):
    filtered = [ndimage.gaussian_filter(noisy, (0.0, width, width, 0.0)) for width in widths]
    errors = np.array([np.mean((image - clean) ** 2) for image in filtered])
    return widths[np.argmin(errors)], errors


def train_denoiser(images, deviation, epochs, seed):
    inputs, targets = noisy_pairs(images, deviation, 1, seed)
    return train_autoencoder(build_autoencoder(8, seed), inputs, targets, epochs)
