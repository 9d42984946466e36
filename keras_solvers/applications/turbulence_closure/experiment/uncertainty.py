"""Calibrated prediction intervals of an ensemble, by leaving flows out of its training."""

from collections.abc import Callable

import keras
import numpy as np

from keras_solvers.applications.turbulence_closure.data.turbulent_flows import (
    RANS_LES_FLOWS,
    TurbulentFlow,
)
from keras_solvers.applications.turbulence_closure.experiment.baselines import rms_error
from keras_solvers.applications.turbulence_closure.experiment.ensemble_closure import (
    EnsembleClosure,
)
from keras_solvers.applications.turbulence_closure.experiment.flows import (
    all_flows,
    training_flows,
)
from keras_solvers.numerics.error_bars import ErrorBars, calibrate

LEVEL = 0.9
_NUM_COMPONENTS = 5  # of a symmetric, trace-free tensor


class LeaveOneFlowOut:
    """Closures trained without one or two of the flows, each trained once.

    Args:
        train: Function of flows and a seed that returns an ensemble, such as `train_ensemble`.
        seed: Seed of all trainings.
    """

    def __init__(self, train: Callable[[list[TurbulentFlow], int], keras.Model], seed: int):
        self.train, self.seed = train, seed
        self._closures = {}

    def closure(self, *exclude: str) -> EnsembleClosure:
        """The closure that was trained without these flows."""
        key = frozenset(exclude)
        if key not in self._closures:
            ensemble = self.train(training_flows(*exclude), self.seed)
            self._closures[key] = EnsembleClosure.from_ensemble(ensemble)
        return self._closures[key]

    def error_bars(self, name: str) -> ErrorBars:
        """Calibrates error bars for a flow on the other flows, each left out together with it."""
        cases = [
            spread_and_error(self.closure(name, other), all_flows()[other])
            for other in RANS_LES_FLOWS
            if other != name
        ]
        return calibrate(*zip(*cases, strict=True), LEVEL, _NUM_COMPONENTS)

    def uncertainty_metrics(self, name: str) -> dict[str, float]:
        """Quality of the closure, its ensemble spread and its error bars on a left-out flow."""
        closure, bars, flow = self.closure(name), self.error_bars(name), all_flows()[name]
        spread, error = spread_and_error(closure, flow)
        predicted = np.sqrt(np.mean(bars.typical(spread) ** 2))
        return {
            "root mean square error of b": rms_error(closure(flow.inputs()), flow.anisotropy),
            "ensemble spread, over that on training flows": spread_ratio(closure, name),
            f"coverage of the {LEVEL:.0%} prediction intervals": float(
                np.mean(error < bars(spread))
            ),
            "predicted over actual root mean square error": float(
                predicted / np.sqrt(np.mean(error**2))
            ),
        }


def spread_and_error(
    closure: EnsembleClosure, flow: TurbulentFlow
) -> tuple[np.ndarray, np.ndarray]:
    """Ensemble spread and norm of the error at the points of a flow, `(n,)` each."""
    x = flow.inputs()
    return closure.spread(x), np.linalg.norm(closure(x) - flow.anisotropy, axis=(1, 2))


def spread_ratio(closure: EnsembleClosure, name: str) -> float:
    """Mean ensemble spread on a flow over that on all other flows."""
    others = [closure.spread(flow.inputs()) for flow in training_flows(name)]
    return float(closure.spread(all_flows()[name].inputs()).mean() / np.concatenate(others).mean())
