"""Training patches that are more varied than the photograph they come from."""

import numpy as np

from keras_solvers.applications.sparse_coding.photographs import photograph

ZOOMS = (1.0, 1.0, 0.5, 1.5, 2.0)  # the photograph itself twice as often
CONTRAST = 0.1  # least standard deviation of a patch, as a share of the photograph's


def varied_patches(
    name: str, num_patches: int, size: int = 10, seed: int = 0, noise: float = 0.05
) -> np.ndarray:
    """Patches of a photograph at several scales, turned, mirrored, blended and noisy.

    Nothing bounds the steps of a trained network: one that has seen a single scene can diverge on
    single patches of another. So half of the patches are random combinations of two, and all get
    white noise of a random strength.

    Args:
        name: "china" or "flower".
        num_patches: Number of patches.
        size: Side of a patch in pixels.
        seed: Seed of all draws.
        noise: Largest standard deviation of the noise in one pixel.

    Returns:
        float32 array `(num_patches, size * size)`; the rows have mean 0 and norm 1 before the
        noise.
    """
    generator = np.random.default_rng(seed)
    x = _patches_of_all_scales(photograph(name), num_patches, size, generator)
    half = num_patches // 2
    weights = generator.normal(size=(2, half, 1)).astype("float32")
    x[:half] = weights[0] * x[:half] + weights[1] * generator.permutation(x)[:half]
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    strength = generator.uniform(0.0, noise, (num_patches, 1)).astype("float32")
    x += strength * generator.standard_normal(x.shape, dtype="float32")
    return generator.permutation(x)


def _patches_of_all_scales(grey, num_patches, size, generator):
    from scipy.ndimage import zoom

    counts = generator.multinomial(num_patches, np.full(len(ZOOMS), 1.0 / len(ZOOMS)))
    parts = [
        _patches(zoom(grey, scale, order=1), count, size, generator)
        for scale, count in zip(ZOOMS, counts)
    ]
    images = generator.permutation(np.concatenate(parts)).reshape(-1, size, size)
    # An eighth in each of the symmetries of the square.
    turned = [
        np.rot90(part if k < 4 else part[:, ::-1], k, axes=(1, 2))
        for k, part in enumerate(np.array_split(images, 8))
    ]
    return generator.permutation(np.concatenate(turned).reshape(-1, size * size))


def _patches(grey, num_patches, size, generator):
    """Textured patches at random places, with mean 0 and norm 1."""
    grey = grey.astype("float32")
    windows = np.lib.stride_tricks.sliding_window_view(grey, (size, size))
    # Places are chosen before patches are copied: all of them would fill a gigabyte.
    squares = np.lib.stride_tricks.sliding_window_view(np.square(grey), (size, size))
    variance = squares.mean((2, 3)) - np.square(windows.mean((2, 3)))
    textured = np.argwhere(variance > np.square(CONTRAST * grey.std()))
    rows, columns = textured[generator.integers(len(textured), size=num_patches)].T
    patches = windows[rows, columns].reshape(num_patches, -1)
    patches -= patches.mean(axis=1, keepdims=True)
    return patches / np.linalg.norm(patches, axis=1, keepdims=True)
