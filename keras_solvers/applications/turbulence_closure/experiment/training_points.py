"""Training data of closures: points of flows, and random gradients without targets."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from keras_solvers.applications.turbulence_closure.data.turbulent_flows import TurbulentFlow
from keras_solvers.applications.turbulence_closure.rans.gradients import strain_and_rotation

_ENERGY_RANGE = (0.05, 5.0)  # over the mean: bounds the sample weights of single points


@dataclasses.dataclass(frozen=True)
class TrainingPoints:
    """Points of several flows, for one training.

    Attributes:
        x: `{"tensors": (n, 2, 3, 3), "scalars": (n, 2)}`.
        b: `(n, 3, 3)`, target anisotropies.
        flow: `(n,)`, index of the flow of each point.
        weights: `(n,)`, sample weights with a mean of one.
        energy: `(n,)`, resolved energy over its mean in the flow.
    """

    x: dict[str, np.ndarray]
    b: np.ndarray
    flow: np.ndarray
    weights: np.ndarray
    energy: np.ndarray


def draw_points(
    flows: Sequence[TurbulentFlow], seed: int, num_points: int = 1200
) -> TrainingPoints:
    """Draws points of flows, with weights whose sum is the same for each flow.

    Where the wall distance is known, half of the samples mask it, so that closures also learn to do
    without.

    Args:
        flows: The flows.
        seed: Seed of the draw.
        num_points: Largest number of points of a flow, drawn once with and once without the wall
            distance.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for number, flow in enumerate(flows):
        variants = (True, False) if not np.isnan(flow.wall_reynolds).all() else (False,)
        for with_wall in variants:
            subset = flow.take(rng.permutation(len(flow))[:num_points])
            weight = 1.0 / (len(variants) * len(subset))
            energy = subset.resolved_energy / subset.resolved_energy.mean()
            parts.append((subset.inputs(with_wall), subset.anisotropy, number, weight, energy))
    x = {key: np.concatenate([part[0][key] for part in parts]) for key in ("tensors", "scalars")}
    sizes = [len(part[1]) for part in parts]
    flow = np.repeat([part[2] for part in parts], sizes)
    weights = np.repeat([part[3] for part in parts], sizes)
    b = np.concatenate([part[1] for part in parts]).astype("float32")
    energy = np.concatenate([part[4] for part in parts])
    return TrainingPoints(x, b, flow, weights / weights.mean(), energy)


def with_sample_weights(points: TrainingPoints, flows: Sequence[TurbulentFlow]) -> TrainingPoints:
    """Points with the sample weights of network training.

    The weight of a point is proportional to its energy, since a stress is `2 k (b + I / 3)`, and to
    the `weight` of its flow.

    Args:
        points: Points of the flows, with equal weights of the flows.
        flows: The flows.
    """
    energy = np.clip(points.energy, *_ENERGY_RANGE)
    weights = points.weights * energy * np.array([flow.weight for flow in flows])[points.flow]
    return dataclasses.replace(points, weights=weights / weights.mean())


def add_random_gradients(points: TrainingPoints, seed: int) -> TrainingPoints:
    """Adds random gradients without targets, where the `RealizabilityPenalty` acts alone.

    Half as many gradients as points are added, with zero weight. Their norms are log-uniform
    between a tenth and a hundred. Every second one is plane, since most mean flows nearly are. The
    wall distance is known for half of them.

    Args:
        points: The points.
        seed: Seed of the gradients.
    """
    rng = np.random.default_rng(seed)
    num = len(points.b) // 2
    gradient = rng.normal(size=(num, 3, 3))
    gradient[::2, 2] = gradient[::2, :, 2] = 0.0
    gradient[::2, 1, 1] = -gradient[::2, 0, 0]
    norm = 10.0 ** rng.uniform(-1.0, 2.0, num)
    gradient *= (norm / np.linalg.norm(gradient, axis=(1, 2)))[:, None, None]
    tensors = strain_and_rotation(gradient)
    known = rng.integers(2, size=num)
    scalars = np.stack([known * 10.0 ** rng.uniform(0.0, 4.0, num), known], axis=1)
    x = {"tensors": tensors, "scalars": scalars}
    joined = {key: np.concatenate([points.x[key], x[key].astype("float32")]) for key in x}
    return TrainingPoints(
        joined,
        np.concatenate([points.b, np.zeros((num, 3, 3), "float32")]),
        np.append(points.flow, np.zeros(num, "int64")),
        np.append(points.weights, np.zeros(num)),
        np.append(points.energy, np.zeros(num)),
    )
