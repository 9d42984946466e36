"""Realizability of anisotropy tensors, and their barycentric map."""

import numpy as np
from numpy.typing import ArrayLike


def barycentric_coordinates(b: ArrayLike) -> np.ndarray:
    """Weights of the one-, two- and three-component limiting states of turbulence.

    `C1 = l1 - l2`, `C2 = 2 (l2 - l3)` and `C3 = 3 l3 + 1`, with the eigenvalues `l1 >= l2 >= l3` of
    `b`. The weights add up to one. All of them are nonnegative exactly if `b` is realizable.

    Args:
        b: `(n, 3, 3)`, symmetric and trace-free.

    Returns:
        `(n, 3)`.

    Reference: Banerjee, Krahl, Durst and Zenger, Presentation of anisotropy properties of
    turbulence, 2007, J. Turbulence 8.
    """
    smallest, middle, largest = np.linalg.eigvalsh(b).T
    return np.stack([largest - middle, 2.0 * (middle - smallest), 3.0 * smallest + 1.0], axis=1)


def is_realizable(b: ArrayLike, tolerance: float = 1e-6) -> np.ndarray:
    """Whether all eigenvalues of `b + I / 3` are at least `-tolerance`: `(n, 3, 3)` to `(n,)`."""
    return np.linalg.eigvalsh(b)[:, 0] >= -1.0 / 3.0 - tolerance


def barycentric_map(b: ArrayLike) -> np.ndarray:
    """Points `(n, 2)` of the barycentric triangle for anisotropies `(n, 3, 3)`.

    One-component turbulence lies at (1, 0), two-component turbulence at (0, 0) and isotropic
    turbulence at (1/2, sqrt(3)/2).
    """
    corners = np.array([[1.0, 0.0], [0.0, 0.0], [0.5, 0.5 * np.sqrt(3.0)]])
    return barycentric_coordinates(b) @ corners
