"""The motion across a square duct, of closures and of the stresses of a simulation."""

import numpy as np
from scipy import sparse
from scipy.sparse import linalg
from scipy.spatial import cKDTree

from keras_solvers.applications.turbulence_closure.experiment.channel import train_closure
from keras_solvers.applications.turbulence_closure.rans.balance import Balance
from keras_solvers.data.locate import require

CHANNELS = ("180", "395", "550", "950", "2000")
_FILE = "turbulence/rans_les_flows/square_duct.npz"
_NEAR = 40  # cells of the simulation that a point's stresses are fitted to


def channel_closure(seed, num_steps=4000):
    """The closure of channels, for a duct: its normal stresses are learned too."""
    return train_closure(CHANNELS, seed, num_steps, positive=True)


def simulated_stresses(points):
    """`(viscosity, (n, 3, 3))`: stresses of a large-eddy simulation in a quarter of a duct.

    Lengths are in half widths, velocities in those of the file, whose bulk velocity is one by its
    Reynolds number of 10,000. All eight parts of the section that are alike are used, and a plane
    is fitted to the cells around each point.

    Args:
        points: `(n, 2)`, distances to the walls.

    Raises:
        DataNotFoundError: If the file is not on this machine.
    """
    with np.load(require(_FILE)) as file:
        places, stresses = file["xy"].astype(float), file["uu_les"].astype(float)
        viscosity = float(file["nu"])
    signs = np.column_stack([np.ones(len(places)), -np.sign(places)])
    stresses = stresses * signs[:, :, None] * signs[:, None, :]
    order = [0, 2, 1]
    distances = 1.0 - np.abs(places)
    distances = np.concatenate([distances, distances[:, ::-1]])
    stresses = np.concatenate([stresses, stresses[:, order][:, :, order]])
    return viscosity, _fitted(distances, stresses.reshape(-1, 9), points).reshape(-1, 3, 3)


def _fitted(places, values, points):
    """Values at points: planes, in logarithmic coordinates, fitted to the nearest places."""
    known, asked = np.log(places + 0.02), np.log(points + 0.02)
    distance, near = cKDTree(known).query(asked, _NEAR)
    weight = np.exp(-((distance / distance[:, -1:]) ** 2))[:, :, None]
    offsets = known[near] - asked[:, None]
    plane = weight * np.concatenate([np.ones_like(weight), offsets], axis=2)
    return (np.linalg.pinv(plane) @ (weight * values[near]))[:, 0]


def driven_by(duct, viscosity, stresses):
    """`(2, num_nodes)`: the motion across a duct that given stresses drive.

    Solves the momentum equations across the duct, in which the velocity along it does not occur.

    Args:
        duct: `SquareDuct`, for its elements.
        viscosity: In the units of the stresses.
        stresses: `(n, 3, 3)`, at the Gauss points.

    Raises:
        NotConvergedError: If the equations are not solved.
        ValueError: If the stresses are not those at the Gauss points.
    """
    expected = (len(duct.elements.points), 3, 3)
    if np.shape(stresses) != expected:
        raise ValueError(
            f"Stresses are expected at the points `duct.elements.points`, {expected}. "
            f"Received: shape {np.shape(stresses)}"
        )
    across = stresses[:, 1:, 1:]

    def local(points):
        gradient = np.moveaxis(points[:, 1:], 2, 0)
        stress = viscosity * (gradient + gradient.swapaxes(1, 2))
        stress = stress - np.resize(across, stress.shape)
        carried = np.sum(points[:, :1].swapaxes(0, 1) * points[:, 1:], axis=1)
        return np.concatenate([-carried[:, None], np.moveaxis(-stress, 0, 2)], axis=1)

    balance = Balance(duct.elements, local, [duct.motion(float(np.abs(across).max()))])
    u, _ = duct.solver(balance, np.zeros(len(duct.plug()[1])))
    return duct.across.at_nodes(u)


def balanced_pressure(duct, viscosity, stresses):
    """The force of the pressure, per volume, that given stresses need for a mean velocity of one.

    Solves the momentum equation along the duct, with the motion across that the stresses drive. A
    simulation whose stresses need another force than its friction is not resolved, or not averaged
    for long enough.

    Args:
        duct: `SquareDuct`, for its elements.
        viscosity: In the units of the stresses, whose mean velocity is one.
        stresses: `(n, 3, 3)`, at the Gauss points.
    """
    elements, (v, w) = duct.elements, driven_by(duct, viscosity, stresses)
    weights, n = sparse.diags(elements.weights), len(elements.weights)
    value, along_y, along_z = (elements.gather[i * n : (i + 1) * n] for i in range(3))
    carried = sparse.diags(value @ v) @ along_y + sparse.diags(value @ w) @ along_z
    spread = along_y.T @ weights @ along_y + along_z.T @ weights @ along_z
    matrix = (value.T @ weights @ carried + viscosity * spread).tocsr()
    forces = np.stack(
        [
            value.T @ elements.weights,
            along_y.T @ (elements.weights * stresses[:, 0, 1])
            + along_z.T @ (elements.weights * stresses[:, 0, 2]),
        ]
    )
    inside = np.flatnonzero((elements.nodes > 0.0).all(axis=1))
    velocities = linalg.spsolve(matrix[inside][:, inside].tocsc(), forces[:, inside].T)
    by_pressure, by_stresses = elements.mass[inside] @ velocities
    return float((1.0 - by_stresses) / by_pressure)


def reference(duct):
    """`(2, num_nodes)`: motion across the duct over the bulk velocity, from simulated stresses."""
    return driven_by(duct, *simulated_stresses(duct.elements.points))


def largest_and_mean(duct, across):
    """Largest speed across a duct and its root mean square over the section."""
    speed = np.hypot(*across)
    return float(speed.max()), float(np.sqrt(duct.elements.mass @ speed**2))
