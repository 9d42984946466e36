"""Samplers of the points that a coordinate network is trained on, from its residuals."""

import numpy as np

_TINY = 1e-300


class ResidualAdaptive:
    """Points drawn where the residual is large; with the defaults half of them, the others evenly.

    Points are drawn from `candidates` even ones with probability proportional to
    `|r|^power / mean(|r|^power) + offset` (Wu, Zhu, Tan, Kartha and Lu, A comprehensive study of
    non-adaptive and residual-based adaptive sampling for PINNs, 2023, eq. 2, there "RAD").

    Args:
        every: Epochs between two choices.
        power: How sharply points follow the residual.
        offset: How many points are drawn elsewhere.
        candidates: Candidates for each point that is drawn.
        conditions: Whether points of conditions are drawn likewise, each by its own residual: a
            flow leaks between few fixed points.
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
            candidates, size = _candidates(self, rng, model, name, len(points[name]))
            density = size**self.power
            density = density / max(np.mean(density), _TINY) + self.offset
            chosen[name] = _draw(rng, candidates, density, len(points[name]))
        return {**points, **chosen}


class Causal:
    """Points drawn where the equation is already solved at all earlier times.

    An error of a time-dependent solution spoils all later times. Points are drawn from `candidates`
    even ones with probability proportional to
    `max(exp(-strength * sum of |r|^2 over earlier intervals), min_density)`, means over `intervals`
    equal parts of the time (the weights of Wang, Sankaran and Perdikaris, Respecting causality is
    all you need for training physics-informed neural networks, 2024, eq. 14, as densities). In the
    end all residuals are small, and points are even.

    Args:
        coordinate: Name of the time coordinate.
        every: Epochs between two choices.
        intervals: Number of parts of the time.
        strength: The larger, the smaller residuals must be before points move to later times.
        min_density: Smallest density, relative to the first time, so that no time is left out.
        candidates: Candidates for each point that is drawn.
        seed: Seed.
    """

    def __init__(
        self,
        coordinate="t",
        every=10,
        intervals=32,
        strength=10.0,
        min_density=1e-3,
        candidates=4,
        seed=0,
    ):
        self.coordinate, self.every, self.intervals = coordinate, every, intervals
        self.strength, self.min_density = strength, min_density
        self.candidates, self.seed = candidates, seed

    def __call__(self, model, points, epoch):
        geometry = model.problem.geometry
        column = _column(geometry, self.coordinate)
        rng, wanted = _generator(self, epoch), len(points["residual"])
        candidates, size = _candidates(self, rng, model, "residual", wanted)
        first, last = geometry.bounds[column]
        share = (candidates[:, column] - first) / (last - first)
        interval = np.minimum((share * self.intervals).astype(int), self.intervals - 1)
        number = np.bincount(interval, minlength=self.intervals)
        mean = np.bincount(interval, size**2, self.intervals) / np.maximum(number, 1)
        earlier = np.cumsum(mean) - mean
        density = np.maximum(np.exp(-self.strength * earlier), self.min_density)
        return {**points, "residual": _draw(rng, candidates, density[interval], wanted)}


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


def _candidates(sampler, rng, model, name, wanted):
    """Even candidates for the points of an equation, and the size of its residual there."""
    problem, seed = model.problem, int(rng.integers(2**31))
    number = sampler.candidates * wanted
    if name == "residual":
        candidates = problem.geometry.sample(number, seed)
    else:
        candidates = problem.named_conditions()[name].sample(problem.geometry, number, seed)
    # As many at a time as in training, so that nothing is compiled anew.
    residuals = np.concatenate(
        [
            model.evaluate_residuals({name: part})[name]
            for part in np.split(candidates, sampler.candidates)
        ]
    )
    return candidates, np.sqrt(np.sum(np.square(residuals), axis=1))


def _draw(rng, candidates, density, wanted):
    chosen = rng.choice(len(candidates), wanted, replace=False, p=density / density.sum())
    return candidates[chosen]
