"""Where a coordinate network is trained, chosen anew while it is."""

import numpy as np
from keras import ops

_TINY = 1e-300


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
        conditions: Whether points of conditions are chosen likewise, each by what it leaves: few
            points that stay let a flow leak between them.
        seed: Seed.
    """

    def __init__(self, every=10, power=1.0, offset=1.0, candidates=4, conditions=False, seed=0):
        self.every, self.power, self.offset = every, power, offset
        self.candidates, self.conditions = candidates, conditions
        self.seed = seed

    def __call__(self, model, points, epoch):
        rng = _generator(self, epoch)
        drawn = [n for n, c in model.problem.named_conditions().items() if c.given is None]
        chosen = {}
        for name in ["residual", *(drawn if self.conditions else ())]:
            proposed, size = _proposed(self, rng, model, name, len(points[name]))
            likely = size**self.power
            likely = likely / max(np.mean(likely), _TINY) + self.offset
            chosen[name] = _chosen(rng, proposed, likely, len(points[name]))
        return {**points, **chosen}


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
        rng, wanted = _generator(self, epoch), len(points["residual"])
        proposed, size = _proposed(self, rng, model, "residual", wanted)
        first, last = geometry.bounds[column]
        share = (proposed[:, column] - first) / (last - first)
        interval = np.minimum((share * self.intervals).astype(int), self.intervals - 1)
        number = np.bincount(interval, minlength=self.intervals)
        mean = np.bincount(interval, size**2, self.intervals) / np.maximum(number, 1)
        earlier = np.cumsum(mean) - mean
        density = np.maximum(np.exp(-self.strength * earlier), self.least)
        return {**points, "residual": _chosen(rng, proposed, density[interval], wanted)}


def _column(geometry, coordinate):
    if coordinate not in geometry.coordinates:
        raise ValueError(
            f"`coordinate` must be one of {', '.join(geometry.coordinates)}. "
            f"Received: {coordinate!r}"
        )
    return geometry.coordinates.index(coordinate)


def _generator(sampler, epoch):
    """Random numbers that depend on the epoch alone: a resumed training sees the same points."""
    return np.random.default_rng([sampler.seed, epoch])


def _proposed(sampler, rng, model, name, wanted):
    """Even candidates of an equation, and how much of it is left there."""
    problem, seed = model.problem, int(rng.integers(2**31))
    number = sampler.candidates * wanted
    if name == "residual":
        proposed = problem.geometry.sample(number, seed)
    else:
        proposed = problem.named_conditions()[name].sample(problem.geometry, number, seed)
    equation = model.compiled_equations()[0][name]
    # As many at a time as in training, so that nothing is compiled anew.
    parts = [
        ops.convert_to_numpy(equation(ops.cast(part, model.dtype)))
        for part in np.split(proposed, sampler.candidates)
    ]
    return proposed, np.sqrt(np.sum(np.square(np.concatenate(parts)), axis=1))


def _chosen(rng, proposed, likely, wanted):
    return proposed[rng.choice(len(proposed), wanted, replace=False, p=likely / likely.sum())]
