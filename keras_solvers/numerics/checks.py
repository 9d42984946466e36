"""Checks of numbers where they enter."""

import numpy as np


def check_finite(**arrays):
    """Raises `ValueError` for the first array that is empty or holds NaN or infinity."""
    for name, array in arrays.items():
        if len(array) == 0:
            raise ValueError(f"`{name}` must hold at least one sample. Received: an empty array")
        bad = np.count_nonzero(~np.isfinite(array))
        if bad:
            raise ValueError(
                f"`{name}` must be finite. Received: {bad} NaN or infinite of {np.size(array)} "
                "numbers; remove or repair these samples."
            )
