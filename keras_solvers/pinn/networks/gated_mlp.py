"""Networks of coordinates whose hidden layers are mixed with two encodings of the point."""

import keras
from keras import layers

from keras_solvers.networks.coordinate_mlp import prepared
from keras_solvers.pinn.networks.adaptive_skip import AdaptiveSkip


def gated_mlp(
    num_coordinates, num_outputs=1, width=20, depth=4, *, bounds=None, embedding=None, dtype=None
):
    """Builds the "modified MLP": `h <- (1 - g) u + g v` with `g = tanh(W h + b)`.

    `u` and `v` are layers of the point itself, so that products of coordinates and of hidden units
    need no learning (Wang, Teng and Perdikaris, Understanding and mitigating gradient flow
    pathologies in physics-informed neural networks, 2021, section 2.6).

    Args: As those of `coordinate_mlp`.

    Raises:
        ValueError: If the backend does not compute in float64.
    """
    inputs, x, dtype = prepared(num_coordinates, bounds, embedding, dtype)
    gate = _Gate(x, width, dtype)
    h = x
    for _ in range(depth):
        h = gate(_dense(width, dtype)(h))
    outputs = _dense(num_outputs, dtype, None)(h)
    return keras.Model(inputs, outputs, name="gated_mlp")


def pirate_net(
    num_coordinates, num_outputs=1, width=20, depth=2, *, bounds=None, embedding=None, dtype=None
):
    """Builds a PirateNet: blocks of three layers, two of them gated, that start as identities.

    `x <- x + a (h - x)` with `h` of the gated layers and `a = 0` at the start, so that the network
    is linear in its features there, whatever its depth (Wang, Li, Chen and Perdikaris, PirateNets:
    physics-informed deep learning with residual adaptive networks, 2024, section 4). Give it
    features that make sense of that: `embedding=FourierFeatures(width // 2)`.

    Args: As those of `coordinate_mlp`, but
        width: Units of each layer; if the embedding has another number, a layer makes it that.
        depth: Number of blocks.

    Raises:
        ValueError: If the backend does not compute in float64.
    """
    inputs, x, dtype = prepared(num_coordinates, bounds, embedding, dtype)
    if x.shape[-1] != width:
        x = _dense(width, dtype)(x)
    gate = _Gate(x, width, dtype)
    for _ in range(depth):
        h = gate(_dense(width, dtype)(x))
        h = gate(_dense(width, dtype)(h))
        h = _dense(width, dtype)(h)
        x = AdaptiveSkip(dtype=dtype)([x, h])
    outputs = _dense(num_outputs, dtype, None)(x)
    return keras.Model(inputs, outputs, name="pirate_net")


class _Gate:
    """`(1 - g) u + g v` with two encodings of the features."""

    def __init__(self, features, width, dtype):
        self._first = _dense(width, dtype)(features)
        second = _dense(width, dtype)(features)
        self._difference = layers.Subtract(dtype=dtype)([second, self._first])
        self._dtype = dtype

    def __call__(self, gate):
        moved = layers.Multiply(dtype=self._dtype)([gate, self._difference])
        return layers.Add(dtype=self._dtype)([self._first, moved])


def _dense(units, dtype, activation="tanh"):
    return layers.Dense(units, activation, kernel_initializer="glorot_normal", dtype=dtype)
