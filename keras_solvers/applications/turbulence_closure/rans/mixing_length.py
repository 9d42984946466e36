"""Van Driest's mixing-length model of channel flow."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import cumulative_simpson


def van_driest(
    friction_reynolds: float, y: ArrayLike, karman: float = 0.41, damping: float = 26.0
) -> np.ndarray:
    """Mean velocity `U / u_tau` of a channel with the shear stress `-<u v> = (l dU/dy)^2`.

    The mixing length is `l = kappa y (1 - exp(-y+ / A))`. Since the total shear stress is linear,
    `dU/dy` has a closed form.

    Args:
        friction_reynolds: `u_tau h / nu`.
        y: `(n,)`, wall distances in half heights, increasing from 0.
        karman: `kappa`.
        damping: `A`, in wall units.

    Raises:
        ValueError: If `y` does not increase from 0.

    Reference: van Driest, On turbulent flow near a wall, 1956, J. Aeronautical Sciences 23.
    """
    y = np.asarray(y, dtype="float64")
    if y.ndim != 1 or len(y) < 3 or y[0] != 0.0 or not (np.diff(y) > 0.0).all():
        raise ValueError(f"`y` must increase from 0, (n,), three or more. Received: y={y}")
    y_plus = friction_reynolds * y
    length = karman * y_plus * -np.expm1(-y_plus / damping)
    stress = np.maximum(1.0 - y, 0.0)
    velocity_gradient = 2.0 * stress / (1.0 + np.sqrt(1.0 + 4.0 * length**2 * stress))
    return cumulative_simpson(friction_reynolds * velocity_gradient, x=y, initial=0.0)
