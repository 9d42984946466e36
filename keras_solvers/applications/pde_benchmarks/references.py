"""Solutions that networks are compared with: points and fields."""

import numpy as np

from keras_solvers.data.locate import require


def on_grid(function, bounds, num_points=101):
    """A known function on a grid that holds the bounds."""
    axes = [np.linspace(low, high, num_points) for low, high in bounds]
    points = np.stack([a.ravel() for a in np.meshgrid(*axes, indexing="ij")], axis=-1)
    return points, function(*points.T)[:, None]


def matlab(name, x, t, u):
    """A field on a grid of places and times; the parts of a complex one are two fields.

    Args:
        name: File of Raissi, Perdikaris and Karniadakis, Physics-informed neural networks, 2019.
        x: Variable of the places.
        t: Variable of the times.
        u: Variable of the field, `(places, times)`.
    """
    from scipy.io import loadmat

    file = loadmat(_located(f"raissi/{name}"))
    points = np.stack(np.meshgrid(file[x].ravel(), file[t].ravel(), indexing="ij"), axis=-1)
    values = file[u].ravel()
    parts = [values.real, values.imag] if np.iscomplexobj(values) else [values]
    return points.reshape(-1, 2), np.stack(parts, axis=-1)


def scattered(name):
    """Values at scattered points, of Hao et al., PINNacle, 2024: computed by finite elements."""
    table = np.load(_located(f"pinnacle/{name}"))["data"]
    return table[:, :2], table[:, 2:]


def masked_grid(name):
    """Values on a grid, `X_test` and `y_ref`, where they are numbers."""
    file = np.load(_located(f"deepxde/{name}"))
    points, values = file["X_test"], file["y_ref"].reshape(len(file["X_test"]), -1)
    inside = np.isfinite(values).all(1)
    return points[inside].astype(float), values[inside].astype(float)


def arrays(name, *keys):
    """Arrays of a file, as float64."""
    file = np.load(_located(f"deepxde/{name}"))
    return tuple(file[key].astype(float) for key in keys)


def _located(name):
    return require(f"pinn_refs/{name}")
