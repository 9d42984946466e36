"""What a closure is asked with, from a mean flow."""

import numpy as np


def strain_and_rotation(gradient):
    """`S = (G + G^T) / 2 - tr(G) / 3` and `R = (G - G^T) / 2`.

    A flow without divergence has no trace of `G`, but for its errors.

    Args:
        gradient: `(n, 3, 3)`, `G_ij = dU_i / dx_j`.

    Returns:
        `(n, 2, 3, 3)`.
    """
    turned = gradient.swapaxes(1, 2)
    trace = np.trace(gradient, axis1=1, axis2=2)[:, None, None]
    strain = 0.5 * (gradient + turned) - trace / 3.0 * np.eye(3)
    return np.stack([strain, 0.5 * (gradient - turned)], axis=1)
