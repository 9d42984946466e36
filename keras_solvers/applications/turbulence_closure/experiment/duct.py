"""The secondary flow of a square duct: of closures, and driven by stresses of a simulation."""

import keras
import numpy as np
from scipy import sparse
from scipy.sparse import linalg
from scipy.spatial import cKDTree

from keras_solvers.applications.turbulence_closure.experiment.channel import train_closure
from keras_solvers.applications.turbulence_closure.rans.duct import SquareDuct
from keras_solvers.applications.turbulence_closure.rans.galerkin_system import GalerkinSystem
from keras_solvers.data.locate import require

TRAINING_CHANNELS = ("180", "395", "550", "950", "2000")
_FILE = "turbulence/rans_les_flows/square_duct.npz"
_NUM_NEIGHBOURS = 40  # cells of the simulation in each local fit


def channel_closure(seed: int, num_steps: int = 4000) -> keras.Model:
    """A closure for a duct that is trained on channels, with their normal stresses."""
    return train_closure(TRAINING_CHANNELS, seed, num_steps, nonnegative=True)


def les_stresses(points: np.ndarray) -> tuple[float, np.ndarray]:
    """Viscosity and stresses `(n, 3, 3)` of a large-eddy simulation in a quarter of a duct.

    Lengths are in half widths. Velocities are in the units of the file; the Reynolds number of
    10,000 implies a bulk velocity of one. The stresses are averaged over all eight symmetric parts
    of the cross-section, by fitting a plane to the cells around each point.

    Args:
        points: `(n, 2)`, distances to the walls.

    Raises:
        DataNotFoundError: If the file is not on this machine.
    """
    with np.load(require(_FILE)) as file:
        coordinates, stresses = file["xy"].astype(float), file["uu_les"].astype(float)
        viscosity = float(file["nu"])
    signs = np.column_stack([np.ones(len(coordinates)), -np.sign(coordinates)])
    stresses = stresses * signs[:, :, None] * signs[:, None, :]
    order = [0, 2, 1]
    distances = 1.0 - np.abs(coordinates)
    distances = np.concatenate([distances, distances[:, ::-1]])
    stresses = np.concatenate([stresses, stresses[:, order][:, :, order]])
    return viscosity, _local_fit(distances, stresses.reshape(-1, 9), points).reshape(-1, 3, 3)


def _local_fit(coordinates, values, points):
    """Values at points from planes in logarithmic coordinates, fitted to the nearest cells."""
    known, wanted = np.log(coordinates + 0.02), np.log(points + 0.02)
    distance, near = cKDTree(known).query(wanted, _NUM_NEIGHBOURS)
    weight = np.exp(-((distance / distance[:, -1:]) ** 2))[:, :, None]
    offsets = known[near] - wanted[:, None]
    plane = weight * np.concatenate([np.ones_like(weight), offsets], axis=2)
    return (np.linalg.pinv(plane) @ (weight * values[near]))[:, 0]


def secondary_flow(duct: SquareDuct, viscosity: float, stresses: np.ndarray) -> np.ndarray:
    """The secondary velocity `(2, num_nodes)` that given stresses drive.

    It solves the momentum equations in the cross-section, which do not depend on the streamwise
    velocity.

    Args:
        duct: The duct, for its elements.
        viscosity: In the units of the stresses.
        stresses: `(n, 3, 3)`, at the Gauss points.

    Raises:
        NotConvergedError: If the equations are not solved.
        ValueError: If the stresses are not given at the Gauss points.
    """
    expected = (len(duct.elements.points), 3, 3)
    if np.shape(stresses) != expected:
        raise ValueError(
            f"Stresses are expected at the points `duct.elements.points`, {expected}. "
            f"Received: shape {np.shape(stresses)}"
        )
    in_plane = stresses[:, 1:, 1:]

    def integrand(points):
        gradient = np.moveaxis(points[:, 1:], 2, 0)
        stress = viscosity * (gradient + gradient.swapaxes(1, 2))
        stress = stress - np.resize(in_plane, stress.shape)
        advection = np.sum(points[:, :1].swapaxes(0, 1) * points[:, 1:], axis=1)
        return np.concatenate([-advection[:, None], np.moveaxis(-stress, 0, 2)], axis=1)

    scale = float(np.abs(in_plane).max())
    system = GalerkinSystem(duct.elements, integrand, [duct.secondary_field(scale)])
    u, _ = duct.solver(system, np.zeros(len(duct.plug_flow()[1])))
    return duct.stream_function.at_nodes(u)


def required_pressure_gradient(duct: SquareDuct, viscosity: float, stresses: np.ndarray) -> float:
    """The pressure force per volume that given stresses need for a bulk velocity of one.

    It solves the streamwise momentum equation with the secondary flow that the stresses drive. If
    the force differs from the wall friction of the simulation, the stresses are not fully resolved,
    or not averaged for long enough.

    Args:
        duct: The duct, for its elements.
        viscosity: In the units of the stresses, in which the bulk velocity is one.
        stresses: `(n, 3, 3)`, at the Gauss points.
    """
    elements, (v, w) = duct.elements, secondary_flow(duct, viscosity, stresses)
    weights, n = sparse.diags(elements.weights), len(elements.weights)
    value, by_y, by_z = (elements.gather[i * n : (i + 1) * n] for i in range(3))
    advection = sparse.diags(value @ v) @ by_y + sparse.diags(value @ w) @ by_z
    diffusion = by_y.T @ weights @ by_y + by_z.T @ weights @ by_z
    matrix = (value.T @ weights @ advection + viscosity * diffusion).tocsr()
    forces = np.stack(
        [
            value.T @ elements.weights,
            by_y.T @ (elements.weights * stresses[:, 0, 1])
            + by_z.T @ (elements.weights * stresses[:, 0, 2]),
        ]
    )
    inside = np.flatnonzero((elements.nodes > 0.0).all(axis=1))
    velocities = linalg.spsolve(matrix[inside][:, inside].tocsc(), forces[:, inside].T)
    bulk_of_pressure, bulk_of_stresses = elements.mass[inside] @ velocities
    return float((1.0 - bulk_of_stresses) / bulk_of_pressure)


def reference_secondary_flow(duct: SquareDuct) -> np.ndarray:
    """Secondary velocity `(2, num_nodes)` over the bulk velocity, driven by `les_stresses`."""
    return secondary_flow(duct, *les_stresses(duct.elements.points))


def max_and_rms_speed(duct: SquareDuct, secondary: np.ndarray) -> tuple[float, float]:
    """Maximum and root mean square over the cross-section of a secondary speed."""
    speed = np.hypot(*secondary)
    return float(speed.max()), float(np.sqrt(duct.elements.mass @ speed**2))
