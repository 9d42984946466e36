# score: 95-95
# caught by: best_gaussian
# One width for all axes of the array: each digit is mixed with its neighbours.

# %% tags=["task:denoising"]
def noisy_pairs(images, deviation, copies, seed):
    targets = np.repeat(images, copies, axis=0).astype("float32")
    noise = np.random.default_rng(seed).normal(size=targets.shape)
    return np.clip(targets + deviation * noise, 0.0, 1.0).astype("float32"), targets


def best_gaussian(noisy, clean, widths):
    errors = [np.mean((ndimage.gaussian_filter(noisy, width) - clean) ** 2) for width in widths]
    return widths[np.argmin(errors)], np.array(errors)


def train_denoiser(images, deviation, epochs, seed):
    inputs, targets = noisy_pairs(images, deviation, 1, seed)
    return train_autoencoder(build_autoencoder(8, seed), inputs, targets, epochs)
