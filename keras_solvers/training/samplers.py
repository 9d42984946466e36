"""Where a coordinate network is trained, chosen anew while it is."""

import numpy as np
from keras import ops


class ResidualAdaptive:
    """Half of the points where the residual is large, the others spread evenly.

    Points are drawn from `candidates` even ones with probability proportional to
    `|r|^power / mean(|r|^power) + offset` (Wu, Zhu, Tan, Kartha and Lu, A comprehensive study of
    non-adaptive and residual-based adaptive sampling for PINNs, 2023, eq. 2, there "RAD").

    Args:
        every: Epochs between two choices.
        power: How sharply points follow the residual.
        offset: How many points are left elsewhere.
        candidates: Candidates for each point that is kept.
        seed: Seed.
    """

    def __init__(self, every=10, power=1.0, offset=1.0, candidates=4, seed=0):
        self.every, self.power, self.offset = every, power, offset
        self.candidates = candidates
        self.seed = seed

    def __call__(self, model, points, epoch):
        rng, proposed, size = _proposed(self, model, points, epoch)
        likely = size**self.power
        return _chosen(rng, points, proposed, likely / np.mean(likely) + self.offset)


class Causal:
    """Points at times before which the equation is solved already.

    A time-dependent solution is wrong wherever it is wrong earlier. Points are drawn from
    `candidates` even ones with probability proportional to
    `max(exp(-strength * sum of |r|^2 over earlier intervals), least)`, means over `intervals` equal
    parts of the time (the weights of Wang, Sankaran and Perdikaris, Respecting causality is all
    you need for training physics-informed neural networks, 2024, eq. 14, as densities). In the end
    all residuals are small, and points are even.

    Args:
        coordinate: The time.
        every: Epochs between two choices.
        intervals: Number of parts of the time.
        strength: How small residuals must be before points go on.
        least: Smallest density, relative to the first time, so that no time is forgotten.
        candidates: Candidates for each point that is kept.
        seed: Seed.
    """

    def __init__(
        self,
        coordinate="t",
        every=10,
        intervals=32,
        strength=10.0,
        least=1e-3,
        candidates=4,
        seed=0,
    ):
        self.coordinate, self.every, self.intervals = coordinate, every, intervals
        self.strength, self.least = strength, least
        self.candidates, self.seed = candidates, seed

    def __call__(self, model, points, epoch):
        geometry = model.problem.geometry
        column = _column(geometry, self.coordinate)
        rng, proposed, size = _proposed(self, model, points, epoch)
        first, last = geometry.bounds[column]
        share = (proposed[:, column] - first) / (last - first)
        interval = np.minimum((share * self.intervals).astype(int), self.intervals - 1)
        number = np.bincount(interval, minlength=self.intervals)
        mean = np.bincount(interval, size**2, self.intervals) / np.maximum(number, 1)
        earlier = np.cumsum(mean) - mean
        density = np.maximum(np.exp(-self.strength * earlier), self.least)
        return _chosen(rng, points, proposed, density[interval])


def _column(geometry, coordinate):
    if coordinate not in geometry.coordinates:
        raise ValueError(
            f"`coordinate` must be one of {', '.join(geometry.coordinates)}. "
            f"Received: {coordinate!r}"
        )
    return geometry.coordinates.index(coordinate)


def _proposed(sampler, model, points, epoch):
    """A random generator, even candidates, and the size of the residual there."""
    wanted = len(points["residual"])
    # A function of the epoch, so that a training that is resumed sees the same points.
    rng = np.random.default_rng([sampler.seed, epoch])
    seed = int(rng.integers(2**31))
    proposed = model.problem.geometry.sample(sampler.candidates * wanted, seed)
    residual = model.compiled_equations()[0]["residual"]
    # As many at a time as in training, so that nothing is compiled anew.
    parts = [
        ops.convert_to_numpy(residual(ops.cast(part, model.dtype)))
        for part in np.split(proposed, sampler.candidates)
    ]
    return rng, proposed, np.sqrt(np.sum(np.square(np.concatenate(parts)), axis=1))


def _chosen(rng, points, proposed, likely):
    wanted = len(points["residual"])
    chosen = rng.choice(len(proposed), wanted, replace=False, p=likely / likely.sum())
    return {**points, "residual": proposed[chosen]}
