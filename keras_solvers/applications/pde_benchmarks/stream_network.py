"""Networks of steady flows in the plane."""

import keras
import numpy as np

from keras_solvers.applications.pde_benchmarks.local_features import LocalRandomFeatures
from keras_solvers.applications.pde_benchmarks.wall_stream_function import WallStreamFunction
from keras_solvers.networks.coordinate_mlp import prepared


def stream_network(
    walls, bounds, size, corners=(), *, num_features=50, thickness=0.1, levels=3, dtype=None
):
    """Builds a network from points `(num_points, 2)` to a stream function and a pressure.

    Both are local random features in windows on a lattice, and in smaller ones around corners that
    point into the fluid, where velocities have no derivative: without those windows the flow is
    wrong everywhere. Trained by `fit_steady_flow`.

    Args:
        walls: `Wall`s around the fluid, inlets among them; where there is none fluid may leave.
        bounds: `(2, 2)`, lowest and highest value of each coordinate.
        size: Side of the lattice and half width of its windows.
        corners: `(number, 2)`, corners that point into the fluid.
        num_features: Features of each window, for either output.
        thickness: Distance from walls at which the network is heard, see `WallStreamFunction`.
        levels: Windows around each corner, each half as large as the one before.
        dtype: `"float64"` for training; `keras.config.floatx()` if `None`.

    Raises:
        ValueError: If the backend does not compute in float64, and is asked to.
    """
    inputs, x, dtype = prepared(2, None, None, dtype)
    centers, sizes = _windows(bounds, size, corners, levels)
    heard, pressure = (
        LocalRandomFeatures(centers, sizes, num_features, dtype=dtype, name=name)(x)
        for name in ("stream_features", "pressure_features")
    )
    psi = WallStreamFunction(walls, thickness, dtype=dtype, name="walls")([x, heard])
    outputs = keras.layers.Concatenate(dtype=dtype)([psi, pressure])
    return keras.Model(inputs, outputs, name="stream_network")


def _windows(bounds, size, corners, levels):
    axes = [low + size * np.arange(np.ceil((high - low) / size) + 1.0) for low, high in bounds]
    lattice = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=1)
    around = np.repeat(np.reshape(corners, (-1, 2)), levels, axis=0)
    smaller = np.tile(size / 2.0 ** np.arange(1, levels + 1), len(corners))
    return np.concatenate([lattice, around]), np.r_[np.full(len(lattice), size), smaller]
