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
        wanted = len(points["residual"])
        # A function of the epoch, so that a training that is resumed sees the same points.
        rng = np.random.default_rng([self.seed, epoch])
        proposed = model.problem.geometry.sample(self.candidates * wanted, int(rng.integers(2**31)))
        residual = model.compiled_equations()[0]["residual"]
        # As many at a time as in training, so that nothing is compiled anew.
        parts = [
            ops.convert_to_numpy(residual(ops.cast(part, model.dtype)))
            for part in np.split(proposed, self.candidates)
        ]
        size = np.sqrt(np.sum(np.square(np.concatenate(parts)), axis=1)) ** self.power
        likely = size / np.mean(size) + self.offset
        chosen = rng.choice(len(proposed), wanted, replace=False, p=likely / likely.sum())
        return {**points, "residual": proposed[chosen]}
