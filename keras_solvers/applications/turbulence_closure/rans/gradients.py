"""Strain rate and rotation rate of a mean flow."""

import numpy as np


def strain_and_rotation(gradient: np.ndarray) -> np.ndarray:
    """`S = (G + G^T) / 2 - tr(G) I / 3` and `R = (G - G^T) / 2`.

    In incompressible flows `tr(G)` differs from zero by numerical errors only.

    Args:
        gradient: `(n, 3, 3)`, `G_ij = dU_i / dx_j`.

    Returns:
        `(n, 2, 3, 3)`.
    """
    transposed = gradient.swapaxes(1, 2)
    trace = np.trace(gradient, axis1=1, axis2=2)[:, None, None]
    strain = 0.5 * (gradient + transposed) - trace / 3.0 * np.eye(3)
    return np.stack([strain, 0.5 * (gradient - transposed)], axis=1)
