"""Patches of the two photographs that scikit-learn bundles."""

import numpy as np


def photograph_patches(
    name: str, num_patches: int | None = None, size: int = 10, seed: int = 0
) -> np.ndarray:
    """Square patches of a photograph in grey, without their mean and with unit contrast.

    A patch whose standard deviation is under a tenth of the photograph's is left out: divided by
    its contrast it would show the noise of the camera.

    Args:
        name: "china" (a temple) or "flower".
        num_patches: Number of patches, drawn at random without repetition; all if `None`.
        size: Side of a patch in pixels.
        seed: Seed of the draw.

    Returns:
        float32 array `(num_patches, size * size)`; each row has mean 0 and norm 1.

    Raises:
        ValueError: If there is no such photograph, or not that many patches in it.
    """
    grey = photograph(name)
    windows = np.lib.stride_tricks.sliding_window_view(grey, (size, size))
    patches = windows.reshape(-1, size * size)
    patches = patches - patches.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(patches, axis=1)
    textured = np.flatnonzero(norms > 0.1 * grey.std() * size)
    num_patches = len(textured) if num_patches is None else num_patches
    if not 0 < num_patches <= len(textured):
        raise ValueError(
            f"The photograph {name!r} has {len(textured)} textured patches "
            f"of {size}x{size} pixels. Received: num_patches={num_patches}"
        )
    chosen = np.random.default_rng(seed).permutation(textured)[:num_patches]
    return (patches[chosen] / norms[chosen, None]).astype("float32")


def photograph(name: str) -> np.ndarray:
    """A photograph as a float array `(height, width)` of grey values in `[0, 1]`."""
    from sklearn.datasets import load_sample_image

    if name not in ("china", "flower"):
        raise ValueError(f"Photographs are 'china' and 'flower'. Received: name={name!r}")
    # Luma weights of ITU-R BT.601.
    return load_sample_image(f"{name}.jpg") @ np.array([0.299, 0.587, 0.114]) / 255.0
