"""Closures for the channel solver, trained on frozen-field inversions of simulated channels."""

from collections.abc import Sequence

import keras
import numpy as np

from keras_solvers.applications.turbulence_closure.data.channel_profiles import (
    ChannelProfile,
    channel_profile,
)
from keras_solvers.applications.turbulence_closure.models.tensor_basis_network import (
    split_preprocessing,
    tensor_basis_network,
)
from keras_solvers.applications.turbulence_closure.rans.frozen import frozen_channel

PROFILES = {
    "180": ("lee_moser", 180),
    "395": ("moser_kim_mansour", 395),
    "550": ("lee_moser", 550),
    "950": ("hoyas_jimenez", 950),
    "2000": ("lee_moser", 2000),
    "5200": ("lee_moser", 5200),
}
# Training channels of each test channel, without simulations at about the same Reynolds number.
SPLITS = {
    "5200": ("180", "550", "950", "2000"),
    "550": ("180", "950", "2000", "5200"),
}
_REPEATS = 50  # of the data in an epoch: it amortises the overhead of an epoch


def load_profile(name: str) -> ChannelProfile:
    """The profile of a name in `PROFILES`."""
    return channel_profile(*PROFILES[name])


def inversion_data(profile: ChannelProfile, nonnegative: bool = False):
    """Inputs and targets of a closure from the frozen-field inversion of a channel.

    Args:
        profile: The channel.
        nonnegative: Whether the diagonal of the anisotropy is scaled down near the wall until no
            normal stress is negative; the shear stress is unchanged. Normal stresses drive the
            secondary flow of a duct. They have no effect on a channel, where the scaling only makes
            the targets harder to fit.

    Returns:
        `(x, b, weights)`: the features of `FrozenChannel`, its anisotropies `(n, 3, 3)`, and sample
        weights `(n, 1)`. They vanish at the wall with `k`, since the anisotropy has no effect
        there.
    """
    frozen = frozen_channel(profile)
    b = _with_nonnegative_stresses(frozen.anisotropy) if nonnegative else frozen.anisotropy
    used = frozen.y * profile.friction_reynolds > 0.5
    weights = (frozen.energy / (frozen.energy + 0.3)) ** 2
    x = {name: values[used] for name, values in frozen.features.items()}
    return x, b[used], weights[used, None]


def _with_nonnegative_stresses(b):
    smallest = np.diagonal(b, axis1=1, axis2=2).min(axis=1)
    factor = 1.0 / np.maximum(1.0, -3.0 * smallest)
    return np.where(np.eye(3), b * factor[:, None, None], b)


def train_closure(
    names: Sequence[str], seed: int, num_steps: int = 4000, nonnegative: bool = False
) -> keras.Model:
    """Trains a closure on channels; it computes in float64 where the backend does.

    Its coefficients depend on the scalars alone. Channels at several Reynolds numbers cover the
    plane of the two scalars. They do not cover the additional dimensions of the gradient's
    invariants: closures with invariants were less accurate, and for some the flow solver did not
    converge.

    Args:
        names: Names of `PROFILES`.
        seed: Seed of the initial weights.
        num_steps: Steps of Adam on all data, rounded down to a multiple of 50.
        nonnegative: As of `inversion_data`.

    Returns:
        A `tensor_basis_network`, for `Channel.solve` and `SquareDuct.solve`.
    """
    parts = [inversion_data(load_profile(name), nonnegative) for name in names]
    x = {key: np.concatenate([part[0][key] for part in parts]) for key in ("tensors", "scalars")}
    b, weights = (np.concatenate([part[i] for part in parts]) for i in (1, 2))
    keras.utils.set_random_seed(seed)
    network = _network()
    _fit(network, x, b, weights, num_steps)
    return _in_double_precision(network)


def _network(dtype="float32"):
    settings = {"width": 16, "depth": 2, "invariants": False, "scalar_sizes": (50.0, 1.0)}
    # Channel data determine the coefficients of three tensors at most.
    return tensor_basis_network(**settings, num_tensors=3, dtype=dtype)


def _fit(network, x, b, weights, num_steps):
    preprocessing, trainable = split_preprocessing(network)
    repeats = min(_REPEATS, num_steps)
    features = preprocessing.predict(x, verbose=0)
    features = [np.tile(a, (repeats,) + (1,) * (a.ndim - 1)) for a in features]
    epochs = num_steps // repeats
    rate = keras.optimizers.schedules.CosineDecay(1e-2, epochs * repeats)
    trainable.compile(keras.optimizers.Adam(rate), "mse", steps_per_execution=repeats)
    trainable.fit(
        features,
        np.tile(b, (repeats, 1, 1)),
        sample_weight=np.tile(weights, (repeats, 1)),
        batch_size=len(b),
        epochs=epochs,
        shuffle=False,
        verbose=0,
    )


def _in_double_precision(network):
    """The network in float64: with float32 Newton's method stalls at a residual of 1e-5."""
    if keras.backend.backend() != "tensorflow":
        return network
    double = _network("float64")
    double.set_weights(network.get_weights())
    return double


def velocity_errors(
    y: np.ndarray, velocity: np.ndarray, profile: ChannelProfile
) -> tuple[float, float]:
    """`(relative L2 error, maximum error over the maximum velocity)` of a mean velocity."""
    error = np.interp(profile.y, y, velocity) - profile.velocity
    square = np.trapezoid(error**2, profile.y) / np.trapezoid(profile.velocity**2, profile.y)
    return float(np.sqrt(square)), float(np.abs(error).max() / profile.velocity.max())
