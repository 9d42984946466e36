"""Points drawn by a network that is trained against the one that solves the equation."""

import keras
import numpy as np
from keras import ops

from keras_solvers.pinn.networks.coupling_flow import CouplingFlow

_MAX_LOG_DENSITY = 20.0
_ROUNDS = 4  # points that the flow is trained on, over those that are chosen


class Adversarial:
    """Points from a density that is trained to lie where the residual is large.

    While the network lowers `int r^2`, a `CouplingFlow` `p` raises `int r^2 log p`, whose maximum
    is `p = r^2 / int r^2` (Tang, Wan and Yang, DAS-PINNs: a deep adaptive sampling method for
    solving high-dimensional partial differential equations, 2023, section 3; as a game: Tang, Zhai,
    Wan and Yang, Adversarial adaptive sampling, 2023). Unlike `ResidualAdaptive` it remembers where
    peaks were and looks for more around them, which counts in many dimensions, where even
    candidates miss them. A training that is resumed starts with a new flow.

    Args:
        every: Epochs between two choices of points.
        share: Share of the points that the flow draws; the others are even.
        steps: Steps of the flow's training before each choice.
        num_layers: As in `CouplingFlow`.
        width: As in `CouplingFlow`.
        seed: Seed.

    Raises:
        ValueError: If the share is not within [0, 1].
    """

    def __init__(self, every=50, share=0.5, steps=100, num_layers=6, width=32, seed=0):
        if not 0.0 <= share <= 1.0:
            raise ValueError(f"`share` must be within [0, 1]. Received: share={share}")
        self.every, self.share, self.steps = every, share, steps
        self.num_layers, self.width, self.seed = num_layers, width, seed
        self.flow = None

    def __call__(self, model, points, epoch):
        geometry = model.problem.geometry
        rng = np.random.default_rng([self.seed, epoch])
        if self.flow is None:
            self.flow = CouplingFlow(len(geometry.bounds), self.num_layers, self.width, self.seed)
            self.flow.compile(keras.optimizers.Adam(3e-3), _cross_entropy)
        wanted = len(points["residual"])
        self._train(model, wanted, rng)
        drawn = self._drawn(geometry, round(self.share * wanted), rng)
        seed = int(rng.integers(2**31))
        even = geometry.sample(wanted - len(drawn), seed) if len(drawn) < wanted else drawn[:0]
        return {**points, "residual": np.concatenate([drawn, even])}

    def _train(self, model, number, rng):
        """Steps on points of which half are drawn and half are even, weighted accordingly."""
        geometry = model.problem.geometry
        low, high = geometry.bounds.T
        drawn = self._scaled_back(geometry, self.flow.draw(_ROUNDS // 2 * number, rng))
        even = low + (high - low) * rng.random(drawn.shape)
        points = rng.permutation(np.concatenate([drawn, even]))
        # As many at a time as in training, so that nothing is compiled anew.
        values = np.concatenate(
            [
                model.evaluate_residuals({"residual": part})["residual"]
                for part in np.split(points, _ROUNDS)
            ]
        )
        size = np.where(geometry.contains(points), np.sum(np.square(values), axis=1), 0.0)
        unit = ((points - low) / (high - low)).astype("float32")
        density = np.exp(np.minimum(self.flow.predict(unit, verbose=0)[:, 0], _MAX_LOG_DENSITY))
        given = size / (0.5 * density + 0.5)  # over the density that points were drawn from
        given = given / max(np.mean(given), np.finfo(float).tiny)
        epochs = max(1, self.steps // _ROUNDS)
        self.flow.fit(
            unit,
            given.astype("float32"),
            batch_size=number,
            epochs=epochs,
            shuffle=False,
            verbose=0,
        )

    def _drawn(self, geometry, wanted, rng):
        """Points of the flow that lie inside the shape."""
        found = [np.zeros((0, len(geometry.bounds)))]
        for _ in range(20):
            points = self._scaled_back(geometry, self.flow.draw(2 * wanted + 1, rng))
            found.append(points[geometry.contains(points)])
            if sum(map(len, found)) >= wanted:
                break
        return np.concatenate(found)[:wanted]

    def _scaled_back(self, geometry, unit):
        low, high = geometry.bounds.T
        return low + (high - low) * unit.astype("float64")


def _cross_entropy(given, log_density):
    return -ops.reshape(given, (-1,)) * log_density[:, 0]
