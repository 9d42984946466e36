"""Points of flows for a training, and points of no flow."""

import dataclasses

import numpy as np

from keras_solvers.applications.turbulence_closure.rans.gradients import strain_and_rotation

_ENERGIES = (0.05, 5.0)  # over the mean: no point counts for nothing, or for many


@dataclasses.dataclass(frozen=True)
class Samples:
    """Points of several flows, for one training.

    Attributes:
        x: `{"tensors": (n, 2, 3, 3), "scalars": (n, 2)}`.
        b: `(n, 3, 3)`, what is to be answered.
        flow: `(n,)`, the number of the flow that a point is from.
        weights: `(n,)`, with a mean of one, the same sum for each flow.
        energy: `(n,)`, of the resolved turbulence, over its mean in the flow.
    """

    x: dict
    b: np.ndarray
    flow: np.ndarray
    weights: np.ndarray
    energy: np.ndarray


def samples(flows, seed, num_points=1200):
    """Draws points of flows.

    Where the distance to the wall is known, half of the points withhold it: closures then learn
    what to answer without.

    Args:
        flows: `TurbulentFlow`s.
        seed: Of the draw.
        num_points: From each flow, at most, with and without the distance.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for number, flow in enumerate(flows):
        kinds = (True, False) if not np.isnan(flow.wall_reynolds).all() else (False,)
        for known in kinds:
            chosen = rng.permutation(len(flow))[:num_points]
            there = flow.take(chosen)
            weight = 1.0 / (len(kinds) * len(there))
            energy = there.resolved_energy / there.resolved_energy.mean()
            parts.append((there.inputs(known), there.anisotropy, number, weight, energy))
    x = {key: np.concatenate([part[0][key] for part in parts]) for key in ("tensors", "scalars")}
    sizes = [len(part[1]) for part in parts]
    flow = np.repeat([part[2] for part in parts], sizes)
    weights = np.repeat([part[3] for part in parts], sizes)
    b = np.concatenate([part[1] for part in parts]).astype("float32")
    energy = np.concatenate([part[4] for part in parts])
    return Samples(x, b, flow, weights / weights.mean(), energy)


def weighed(drawn, flows):
    """Gives points the weights of a training of networks.

    Points count by their energy, since a stress is `2 k (b + I / 3)`, and flows by their `weight`.

    Args:
        drawn: `Samples` of the flows, the same weight for each.
        flows: The `TurbulentFlow`s.
    """
    energy = np.clip(drawn.energy, *_ENERGIES)
    weights = drawn.weights * energy * np.array([flow.weight for flow in flows])[drawn.flow]
    return dataclasses.replace(drawn, weights=weights / weights.mean())


def with_any_gradients(drawn, seed):
    """Adds points at random that have no weight: what a `RealizabilityPenalty` sees beside them.

    Half as many as there are, of all sizes from a tenth to a hundred, half of them plane, as most
    flows are nearly, with and without a known distance to the wall.

    Args:
        drawn: `Samples`.
        seed: Of the gradients.
    """
    rng = np.random.default_rng(seed)
    num = len(drawn.b) // 2
    gradient = rng.normal(size=(num, 3, 3))
    gradient[::2, 2] = gradient[::2, :, 2] = 0.0
    gradient[::2, 1, 1] = -gradient[::2, 0, 0]
    size = 10.0 ** rng.uniform(-1.0, 2.0, num)
    gradient *= (size / np.linalg.norm(gradient, axis=(1, 2)))[:, None, None]
    tensors = strain_and_rotation(gradient)
    known = rng.integers(2, size=num)
    scalars = np.stack([known * 10.0 ** rng.uniform(0.0, 4.0, num), known], axis=1)
    x = {"tensors": tensors, "scalars": scalars}
    joined = {key: np.concatenate([drawn.x[key], x[key].astype("float32")]) for key in x}
    return Samples(
        joined,
        np.concatenate([drawn.b, np.zeros((num, 3, 3), "float32")]),
        np.append(drawn.flow, np.zeros(num, "int64")),
        np.append(drawn.weights, np.zeros(num)),
        np.append(drawn.energy, np.zeros(num)),
    )
