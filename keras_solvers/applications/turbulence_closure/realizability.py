"""Where anisotropies lie among those that a turbulence can have."""

import numpy as np


def barycentric(b):
    """Shares of turbulence with one, two and three components in an anisotropy.

    `C1 = l1 - l2`, `C2 = 2 (l2 - l3)`, `C3 = 3 l3 + 1` with the eigenvalues `l1 >= l2 >= l3`; they
    add up to one, and all are positive where `b` is realizable (Banerjee, Krahl, Durst and Zenger,
    Presentation of anisotropy properties of turbulence, 2007, J. Turbulence 8).

    Args:
        b: `(n, 3, 3)`, symmetric and without trace.

    Returns:
        `(n, 3)`.
    """
    least, middle, most = np.linalg.eigvalsh(b).T
    return np.stack([most - middle, 2.0 * (middle - least), 3.0 * least + 1.0], axis=1)


def is_realizable(b, tolerance=1e-6):
    """`(n,)`, whether no eigenvalue of `b + I / 3` is below minus the tolerance."""
    return np.linalg.eigvalsh(b)[:, 0] >= -1.0 / 3.0 - tolerance


def barycentric_map(b):
    """Places `(n, 2)` in the triangle with corners (1, 0), (0, 0) and (1/2, sqrt(3)/2).

    The corners are turbulence of one, of two and of three components.
    """
    corners = np.array([[1.0, 0.0], [0.0, 0.0], [0.5, 0.5 * np.sqrt(3.0)]])
    return barycentric(b) @ corners
