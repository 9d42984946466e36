"""Closures of the Reynolds stresses that are fitted to flows, without a network."""

import numpy as np
from keras import ops

from keras_solvers.applications.turbulence_closure.layers.tensor_basis import (
    StrainRotationBasis,
    StrainRotationInvariants,
)
from keras_solvers.networks.bounded_norm import BoundedNorm

_TINY = 1e-9


class ConstantCoefficients:
    """`b = sum_n c_n T_n` with constants: the best in least squares on given flows.

    The tensors are Pope's first, of gradients brought into the unit ball: of raw ones a few large
    gradients would decide alone.

    Args:
        num_tensors: 1 for a linear closure, 4 for a quadratic one, at most 10.
        size: Of a gradient, times `k / epsilon`, from which on it counts as large.
    """

    def __init__(self, num_tensors=4, size=3.0):
        if not 1 <= num_tensors <= 10:
            raise ValueError(
                f"Pope's tensors are ten: `num_tensors` from 1 to 10. Received: {num_tensors}"
            )
        self.num_tensors, self.size = num_tensors, size
        self.coefficients = None

    def fit(self, x, b, weights=None):
        """Fits `(n, 2, 3, 3)` and `(n, 3, 3)`, with weights `(n,)`; returns the closure."""
        columns = self._tensors(x).reshape(len(x), self.num_tensors, 9)
        scale = np.sqrt(np.ones(len(x)) if weights is None else weights)[:, None]
        rows = (columns * scale[:, None]).swapaxes(1, 2).reshape(-1, self.num_tensors)
        answer = (np.reshape(b, (len(x), 9)) * scale).reshape(-1)
        self.coefficients = np.linalg.lstsq(rows, answer, rcond=None)[0]
        return self

    def __call__(self, x):
        return np.einsum("n,bnij->bij", self.coefficients, self._tensors(x))

    def _tensors(self, x):
        scaled = BoundedNorm(self.size, dtype="float64")(x)
        return ops.convert_to_numpy(StrainRotationBasis(dtype="float64")(scaled))[
            :, : self.num_tensors
        ]


class BoostedTrees:
    """Gradient-boosted trees of the invariants: the strong learner that is not a network.

    Trees learn how long `b` is along `S`, along `S R - R S` and along `S^2` without trace, each of
    length one: they are orthogonal in plane flows, where they span all that does not depend on the
    axes. So the answer turns with them, as that of a network of tensor bases.

    Args:
        size: Of a gradient, times `k / epsilon`, from which on it counts as large.
        seed: Of the trees.
        **settings: Of scikit-learn's `HistGradientBoostingRegressor`.

    Reference: Kaandorp and Dwight, Data-driven modelling of the Reynolds stress tensor using random
    forests with invariance, 2020, Computers and Fluids 202, where each tree fits the tensors.
    """

    def __init__(self, size=3.0, seed=0, **settings):
        from sklearn.ensemble import HistGradientBoostingRegressor  # half a second

        self.size = size
        self.trees = [HistGradientBoostingRegressor(random_state=seed, **settings) for _ in "abc"]

    def fit(self, x, b, weights=None):
        """Fits features (see `TurbulentFlow.inputs`) to `(n, 3, 3)`; returns the closure.

        Without "scalars" among the features, trees see the tensors alone.
        """
        features, tensors = self._seen(x)
        for number, tree in enumerate(self.trees):
            along = np.sum(tensors[:, number] * b, axis=(1, 2))
            tree.fit(features, along, sample_weight=weights)
        return self

    def __call__(self, x):
        features, tensors = self._seen(x)
        lengths = np.stack([tree.predict(features) for tree in self.trees], axis=1)
        return np.einsum("bn,bnij->bij", lengths, tensors)

    def _seen(self, x):
        scaled = BoundedNorm(self.size)(x["tensors"])
        tensors = ops.convert_to_numpy(StrainRotationBasis()(scaled))[:, :3].astype("float64")
        lengths = np.sqrt(np.sum(tensors**2, axis=(2, 3), keepdims=True))
        invariants = ops.convert_to_numpy(StrainRotationInvariants()(scaled))
        features = [invariants]
        if "scalars" in x:
            reynolds, known = np.asarray(x["scalars"]).T
            # Trees send what is missing to the side that suits them.
            features.append(np.where(known > 0.0, np.log1p(reynolds), np.nan)[:, None])
        return np.concatenate(features, axis=1), tensors / (lengths + _TINY)
