"""Reynolds-stress closures that are fitted to data without a network."""

from typing import Self

import numpy as np
from keras import ops
from numpy.typing import ArrayLike

from keras_solvers.applications.turbulence_closure.layers.tensor_basis import (
    StrainRotationBasis,
    StrainRotationInvariants,
)
from keras_solvers.networks.bounded_norm import BoundedNorm

_TINY = 1e-9


class ConstantCoefficients:
    """`b = sum_n c_n T_n` with constant coefficients, fitted by weighted least squares.

    The `T_n` are the first of Pope's tensors. Gradients are normalised by `BoundedNorm` before:
    otherwise a few large gradients would dominate the fit.

    Args:
        num_tensors: 1 for a linear closure, 4 for a quadratic one, at most 10.
        size: Scale of `BoundedNorm`, for gradients times `k / epsilon`.

    Attributes:
        coefficients: `(num_tensors,)`, or `None` before `fit`.
    """

    def __init__(self, num_tensors: int = 4, size: float = 3.0):
        if not 1 <= num_tensors <= 10:
            raise ValueError(
                "Pope's basis has ten tensors: choose `num_tensors` from 1 to 10. "
                f"Received: num_tensors={num_tensors}"
            )
        self.num_tensors, self.size = num_tensors, size
        self.coefficients = None

    def fit(self, x: ArrayLike, b: ArrayLike, weights: ArrayLike | None = None) -> Self:
        """Fits the coefficients and returns the closure.

        Args:
            x: `(n, 2, 3, 3)`, strain and rotation rate times `k / epsilon`.
            b: `(n, 3, 3)`, target anisotropies.
            weights: `(n,)`, sample weights.
        """
        columns = self._tensors(x).reshape(len(x), self.num_tensors, 9)
        scale = np.sqrt(np.ones(len(x)) if weights is None else weights)[:, None]
        matrix = (columns * scale[:, None]).swapaxes(1, 2).reshape(-1, self.num_tensors)
        targets = (np.reshape(b, (len(x), 9)) * scale).reshape(-1)
        self.coefficients = np.linalg.lstsq(matrix, targets, rcond=None)[0]
        return self

    def __call__(self, x: ArrayLike) -> np.ndarray:
        return np.einsum("n,bnij->bij", self.coefficients, self._tensors(x))

    def _tensors(self, x):
        scaled = BoundedNorm(self.size, dtype="float64")(x)
        return ops.convert_to_numpy(StrainRotationBasis(dtype="float64")(scaled))[
            :, : self.num_tensors
        ]


class BoostedTrees:
    """Gradient-boosted trees of the invariants, as a strong learner without a network.

    One ensemble of trees predicts each of the components of `b` along `S`, `S R - R S` and the
    trace-free part of `S^2`, all normalised to unit length. In plane flows these tensors are
    orthogonal, and they span all isotropic functions of `S` and `R`. The prediction is equivariant
    under rotations and reflections of the axes, as that of a tensor-basis network is.

    Args:
        size: Scale of `BoundedNorm`, for gradients times `k / epsilon`.
        seed: Seed of the trees.
        **settings: Settings of scikit-learn's `HistGradientBoostingRegressor`.

    Reference: Kaandorp and Dwight, Data-driven modelling of the Reynolds stress tensor using random
    forests with invariance, 2020, Computers and Fluids 202, where each tree fits the tensors.
    """

    def __init__(self, size: float = 3.0, seed: int = 0, **settings):
        from sklearn.ensemble import HistGradientBoostingRegressor  # its import takes 0.5 s

        self.size = size
        self.trees = [HistGradientBoostingRegressor(random_state=seed, **settings) for _ in "abc"]

    def fit(self, x: dict, b: ArrayLike, weights: ArrayLike | None = None) -> Self:
        """Fits the trees and returns the closure.

        Args:
            x: Inputs as of `TurbulentFlow.inputs`. Without "scalars" the trees use the invariants
                alone.
            b: `(n, 3, 3)`, target anisotropies.
            weights: `(n,)`, sample weights.
        """
        features, tensors = self._features_and_tensors(x)
        for number, tree in enumerate(self.trees):
            component = np.sum(tensors[:, number] * b, axis=(1, 2))
            tree.fit(features, component, sample_weight=weights)
        return self

    def __call__(self, x: dict) -> np.ndarray:
        features, tensors = self._features_and_tensors(x)
        components = np.stack([tree.predict(features) for tree in self.trees], axis=1)
        return np.einsum("bn,bnij->bij", components, tensors)

    def _features_and_tensors(self, x):
        scaled = BoundedNorm(self.size)(x["tensors"])
        tensors = ops.convert_to_numpy(StrainRotationBasis()(scaled))[:, :3].astype("float64")
        norms = np.sqrt(np.sum(tensors**2, axis=(2, 3), keepdims=True))
        invariants = ops.convert_to_numpy(StrainRotationInvariants()(scaled))
        features = [invariants]
        if "scalars" in x:
            reynolds, known = np.asarray(x["scalars"]).T
            # Each split sends missing values, which are NaN, to the better side.
            features.append(np.where(known > 0.0, np.log1p(reynolds), np.nan)[:, None])
        return np.concatenate(features, axis=1), tensors / (norms + _TINY)
