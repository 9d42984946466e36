"""The oldest closure of a channel: a length that grows with the distance to the wall."""

import numpy as np
from scipy.integrate import cumulative_simpson


def van_driest(friction_reynolds, y, karman=0.41, damping=26.0):
    """Mean velocity `U / u_tau` in a channel, with `-<u v> = (l dU/dy)^2`.

    `l = kappa y (1 - exp(-y+ / A))`; the linear shear stress then gives `dU/dy` in closed form.

    Args:
        friction_reynolds: `u_tau h / nu`.
        y: `(n,)`, distances to the wall in half heights, increasing from 0.
        karman: `kappa`.
        damping: `A`, in wall units.

    Raises:
        ValueError: If `y` does not increase from 0.

    Reference: van Driest, On turbulent flow near a wall, 1956, J. Aeronautical Sciences 23.
    """
    y = np.asarray(y, dtype="float64")
    if y.ndim != 1 or len(y) < 3 or y[0] != 0.0 or not (np.diff(y) > 0.0).all():
        raise ValueError(f"`y` must increase from 0, (n,), three or more. Received: y={y}")
    wall = friction_reynolds * y
    length = karman * wall * -np.expm1(-wall / damping)
    stress = np.maximum(1.0 - y, 0.0)
    slope = 2.0 * stress / (1.0 + np.sqrt(1.0 + 4.0 * length**2 * stress))
    return cumulative_simpson(friction_reynolds * slope, x=y, initial=0.0)
