"""The closure of a trained ensemble, with its uncertainty."""

import dataclasses
from collections.abc import Sequence
from typing import Self

import keras
import numpy as np
from keras import ops

from keras_solvers.applications.turbulence_closure.data.turbulent_flows import TurbulentFlow
from keras_solvers.applications.turbulence_closure.experiment.training import (
    EPOCHS,
    train_ensemble,
)
from keras_solvers.applications.turbulence_closure.layers.shrinkage_mean import (
    ShrinkageMean,
    ensemble_spread,
)
from keras_solvers.applications.turbulence_closure.models.tensor_basis_ensemble import (
    shrinkage_closure,
)

SHRINKAGE = 3.0


@dataclasses.dataclass(frozen=True)
class EnsembleClosure:
    """An ensemble and its closure, evaluated in batches.

    Attributes:
        ensemble: A trained `tensor_basis_ensemble`.
        closure: Its `shrinkage_closure`.
    """

    ensemble: keras.Model
    closure: keras.Model

    @classmethod
    def from_ensemble(cls, ensemble: keras.Model) -> Self:
        return cls(ensemble, shrinkage_closure(ensemble, SHRINKAGE))

    @classmethod
    def train(
        cls,
        flows: Sequence[TurbulentFlow],
        seed: int,
        epochs: int = EPOCHS,
        callbacks: Sequence[keras.callbacks.Callback] = (),
    ) -> Self:
        """Trains the ensemble; arguments as of `train_ensemble`."""
        return cls.from_ensemble(train_ensemble(flows, seed, epochs=epochs, callbacks=callbacks))

    def __call__(self, x: dict[str, np.ndarray]) -> np.ndarray:
        """Anisotropies `(n, 3, 3)`."""
        return _predict(self.closure, x).astype("float64")

    def spread(self, x: dict[str, np.ndarray]) -> np.ndarray:
        """The ensemble spread `(n,)`, a measure of the epistemic uncertainty."""
        members = _predict(self.ensemble, x)
        return ops.convert_to_numpy(ensemble_spread(members)).astype("float64")

    def unprojected(self, x: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Predictions before the projection on realizable states, `(n, 3, 3)` each.

        Returns:
            `(plain, shrunk)`, the mean of the members and their `ShrinkageMean`.
        """
        members = _predict(self.ensemble, x)
        shrunk = ops.convert_to_numpy(ShrinkageMean(SHRINKAGE)(members))
        return members.mean(axis=1, dtype="float64"), shrunk.astype("float64")


def _predict(model, x):
    return model.predict(x, batch_size=4096, verbose=0)
