"""Plain networks of the tensor components, with and without rotation augmentation."""

from collections.abc import Callable, Sequence

import keras
import numpy as np

from keras_solvers.applications.turbulence_closure.data.turbulent_flows import TurbulentFlow
from keras_solvers.applications.turbulence_closure.experiment.training import EPOCHS, fit
from keras_solvers.applications.turbulence_closure.experiment.training_points import draw_points
from keras_solvers.networks.mlp import mlp


def train_plain_networks(
    flows: Sequence[TurbulentFlow], seed: int, epochs: int = EPOCHS, num_rotations: int = 10
) -> dict[str, Callable]:
    """Trains networks from the 18 components of the tensors to the 9 of the anisotropy.

    They show the value of invariance by construction (Ling, Kurzawski and Templeton, 2016, section
    5). Each is a single network without scalars. All flows, and all points of a flow, have equal
    weight, as in the root mean square error of the comparison.

    Args:
        flows: Training flows.
        seed: Seed of points, weights and rotations.
        epochs: Passes through the points; the augmented data get the same number of steps.
        num_rotations: Number of rotated copies of the data.

    Returns:
        `{name: closure}`, functions of `TurbulentFlow.inputs`.
    """
    return {
        "plain network": _train(flows, seed, epochs, 0),
        "plain network, rotation augmentation": _train(flows, seed, epochs, num_rotations),
    }


def _train(flows, seed, epochs, num_rotations):
    keras.utils.set_random_seed(seed)
    points = draw_points(flows, seed)
    tensors, targets, weights = points.x["tensors"], points.b, points.weights
    if num_rotations:
        rotations = random_orthogonal(len(targets) * num_rotations, seed)
        tensors = np.tile(tensors, (num_rotations, 1, 1, 1))
        tensors = rotate(tensors, rotations[:, None]).astype("float32")
        targets = np.tile(targets, (num_rotations, 1, 1))
        targets = rotate(targets, rotations).astype("float32")
        weights = np.tile(weights, num_rotations)
    model = _component_network()
    fit(model, {"tensors": tensors}, targets, weights, max(epochs // max(num_rotations, 1), 1))
    return lambda x: model.predict(x["tensors"], batch_size=4096, verbose=0).astype("float64")


def _component_network():
    inputs = keras.Input((2, 3, 3))
    network = mlp((18,), 9, width=64, depth=3)
    scaled = keras.layers.Rescaling(0.3)(keras.layers.Reshape((18,))(inputs))
    return keras.Model(inputs, keras.layers.Reshape((3, 3))(network(scaled)))


def random_orthogonal(num: int, seed: int) -> np.ndarray:
    """`(num, 3, 3)`, orthogonal matrices from the Haar measure: rotations and reflections."""
    normal = np.random.default_rng(seed).normal(size=(num, 3, 3))
    q, r = np.linalg.qr(normal)
    return q * np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None, :]


def rotate(a: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Tensors in rotated axes, `Q a Q^T`; leading axes broadcast."""
    return q @ a @ np.swapaxes(q, -1, -2)
