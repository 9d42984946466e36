"""Periodic hills: their geometry, and direct simulations for several slope factors."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from keras_solvers.data.locate import require

SLOPES = (0.5, 1.0, 1.2, 1.5)
_CHANNEL_HEIGHT = 3.035  # in hill heights
_COMPONENTS = {"uu": (0, 0), "vv": (1, 1), "ww": (2, 2)}


def hill_length(slope: float = 1.0) -> float:
    """Distance between two crests, in hill heights."""
    return 5.142 + 3.858 * slope


def hill_height(x: ArrayLike, slope: float = 1.0) -> np.ndarray:
    """Height of the periodic hill of height 1 at `0 <= x <= hill_length(slope)`.

    Args:
        x: Distance to a crest, in hill heights.
        slope: Factor by which the hill is stretched along `x`.

    Reference: Almeida, Durao and Heitor, Wake flows behind two-dimensional model hills, 1993, Exp.
    Therm. Fluid Sci. 7; here the piecewise polynomials that all simulations use.
    """
    x = 28.0 * np.minimum(x, hill_length(slope) - x) / slope
    pieces = [
        np.minimum(28.0, 28.0 + 6.775070969851e-3 * x**2 - 2.124527775800e-3 * x**3),
        25.07355893131 + 0.9754803562315 * x - 0.1016116352781 * x**2 + 1.889794677828e-3 * x**3,
        25.79601052357 + 0.8206693007457 * x - 0.09055370274339 * x**2 + 1.626510569859e-3 * x**3,
        40.46435022819 - 1.379581654948 * x + 0.019458845041284 * x**2 - 2.070318932190e-4 * x**3,
        17.92461334664 + 0.8743920332081 * x - 0.05567361123058 * x**2 + 6.277731764683e-4 * x**3,
        np.maximum(
            0.0,
            56.39011190988
            - 2.010520359035 * x
            + 0.01644919857549 * x**2
            + 2.674976141766e-5 * x**3,
        ),
    ]
    piece = np.searchsorted([9.0, 14.0, 20.0, 30.0, 40.0], x, side="right")
    height = np.maximum(np.choose(piece, pieces), 0.0)
    return np.where(x > 54.0, 0.0, height) / 28.0


def hill_wall_distance(coordinates: np.ndarray, slope: float = 1.0) -> np.ndarray:
    """Distance `(n,)` from points `(n, 2)` to the nearest wall, either the hills or the ceiling."""
    length = hill_length(slope)
    x = np.linspace(-1.0, length + 1.0, 2201)
    wall = np.stack([x, hill_height(np.mod(x, length), slope)], axis=1)
    to_hill, _ = cKDTree(wall).query(coordinates)
    return np.minimum(to_hill, _CHANNEL_HEIGHT - coordinates[:, 1])


def load_hill_simulation(slope: float) -> dict[str, np.ndarray | float]:
    """Reads a direct simulation of the hills at Reynolds number 5600.

    Args:
        slope: One of `SLOPES`.

    Returns:
        `{"coordinates": (n, 2), "area": (n,), "gradient": (n, 3, 3), "stress": (n, 3, 3),
        "viscosity": number}`. Lengths are in hill heights, velocities in the units of the file. The
        gradient is that of central differences.

    Raises:
        ValueError: If there is no simulation for this slope.
        DataNotFoundError: If the file is not on this machine.
    """
    if slope not in SLOPES:
        raise ValueError(f"Slopes are {', '.join(map(str, SLOPES))}. Received: slope={slope}")
    name = f"hill_alpha_{slope}".replace(".", "p") + ".npz"
    with np.load(require(f"turbulence/periodic_hills_dns/{name}")) as file:
        arrays = {key: file[key].astype("float64") for key in file}
    stress = np.zeros((arrays["x"].size, 3, 3))
    for key, (i, j) in _COMPONENTS.items():
        stress[:, i, j] = arrays[key].ravel()
    stress[:, 0, 1] = stress[:, 1, 0] = arrays["uv"].ravel()
    gradient = np.zeros_like(stress)
    gradient[:, :2, :2] = arrays["gradU_derived"].reshape(-1, 2, 2)
    return {
        "coordinates": np.stack([arrays["x"].ravel(), arrays["y"].ravel()], axis=1),
        "area": arrays["area"].ravel(),
        "gradient": gradient,
        "stress": stress,
        "viscosity": float(arrays["nu"]),
    }
