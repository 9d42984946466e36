"""Closures that learn from channels, and the channels that they make."""

import keras
import numpy as np

from keras_solvers.applications.turbulence_closure.data.channel_profiles import channel_profile
from keras_solvers.applications.turbulence_closure.models.tensor_basis_network import (
    tensor_basis_network,
    trainable_part,
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
# What is tested, and what is trained on: never a simulation at about the same Reynolds number.
SPLITS = {
    "5200": ("180", "550", "950", "2000"),
    "550": ("180", "950", "2000", "5200"),
}
_COPIES = 50  # of the data in an epoch: one has the overhead of many steps


def profile(name):
    """A `ChannelProfile` of `PROFILES`."""
    return channel_profile(*PROFILES[name])


def samples(profile, positive=False):
    """What a closure has to answer for a flow to come out as simulated.

    See `FrozenChannel`.

    Args:
        profile: `ChannelProfile`.
        positive: Whether the anisotropy's diagonal is scaled down, next to the wall, until no
            normal stress is negative; the shear stress stays. Normal stresses have no effect on a
            channel, where that only makes it harder to learn; in a duct they drive the motion
            across.

    Returns:
        `(x, b, weight)`: features, anisotropies `(n, 3, 3)`, and weights `(n, 1)`: next to the
        wall, where `k` vanishes, the anisotropy has no effect.
    """
    frozen = frozen_channel(profile)
    b = _positive(frozen.anisotropy) if positive else frozen.anisotropy
    seen = frozen.y * profile.friction_reynolds > 0.5
    weight = (frozen.energy / (frozen.energy + 0.3)) ** 2
    x = {name: values[seen] for name, values in frozen.features.items()}
    return x, b[seen], weight[seen, None]


def _positive(b):
    lowest = np.diagonal(b, axis1=1, axis2=2).min(axis=1)
    share = 1.0 / np.maximum(1.0, -3.0 * lowest)
    return np.where(np.eye(3), b * share[:, None, None], b)


def train_closure(names, seed, num_steps=4000, scalar_sizes=(50.0, 1.0), positive=False):
    """A closure from the channels of these names; it computes in float64 where Keras can.

    Its coefficients depend on the scalars alone. Channels of several Reynolds numbers fill the
    plane of the two; the invariants of the gradient would add directions of which they tell
    nothing, and closures that saw them were now better, now without a balanced flow.

    Args:
        names: Of `PROFILES`.
        seed: Of the first weights.
        num_steps: Steps of Adam on all data, rounded down to a multiple of 50.
        scalar_sizes: Sizes of the scalars that are seen, as of `tensor_basis_network`: the Reynolds
            number of the wall's distance, then the length of turbulence over that distance.
        positive: As of `samples`.

    Returns:
        A function from features to anisotropies, for `Channel.solve` and `SquareDuct.solve`.
    """
    parts = [samples(profile(name), positive) for name in names]
    x = {key: np.concatenate([part[0][key] for part in parts]) for key in ("tensors", "scalars")}
    x["scalars"] = x["scalars"][:, : len(scalar_sizes)]
    b, weight = (np.concatenate([part[i] for part in parts]) for i in (1, 2))
    keras.utils.set_random_seed(seed)
    network = _network(scalar_sizes)
    _fit(network, x, b, weight, num_steps)
    return _in_double(network, scalar_sizes)


def _network(scalar_sizes, dtype="float32"):
    settings = {"width": 16, "depth": 2, "invariants": False}
    # A channel does not determine the weights of more than three tensors.
    return tensor_basis_network(**settings, scalar_sizes=scalar_sizes, num_tensors=3, dtype=dtype)


def _fit(network, x, b, weight, num_steps):
    prepare, weigh = trainable_part(network)
    copies = min(_COPIES, num_steps)
    data = [np.tile(a, (copies,) + (1,) * (a.ndim - 1)) for a in prepare.predict(x, verbose=0)]
    epochs = num_steps // copies
    rate = keras.optimizers.schedules.CosineDecay(1e-2, epochs * copies)
    weigh.compile(keras.optimizers.Adam(rate), "mse", steps_per_execution=copies)
    weigh.fit(
        data,
        np.tile(b, (copies, 1, 1)),
        sample_weight=np.tile(weight, (copies, 1)),
        batch_size=len(b),
        epochs=epochs,
        shuffle=False,
        verbose=0,
    )


def _in_double(network, scalar_sizes):
    """Rounding of float32 would end Newton's method at a residual of 1e-5."""
    if keras.backend.backend() == "tensorflow":
        double = _network(scalar_sizes, "float64")
        double.set_weights(network.get_weights())
        network = double

    def closure(x):
        seen = x["scalars"][:, : len(scalar_sizes)]
        return network({"tensors": x["tensors"], "scalars": seen})

    return closure


def velocity_errors(y, velocity, profile):
    """`(relative L2 error, largest error over the largest velocity)` of a mean velocity."""
    error = np.interp(profile.y, y, velocity) - profile.velocity
    square = np.trapezoid(error**2, profile.y) / np.trapezoid(profile.velocity**2, profile.y)
    return float(np.sqrt(square)), float(np.abs(error).max() / profile.velocity.max())
