"""Uncertainty estimates on left-out flows: a part of `benchmarks.turbulence_closure`.

Two kinds are compared: an ensemble on bootstrap samples of the flows, and a Bayesian network.
"""

import keras

from benchmarks.harness import Figure
from keras_solvers.applications.turbulence_closure import RANS_LES_FLOWS
from keras_solvers.applications.turbulence_closure.experiment.training import (
    train_bayesian_network,
    train_ensemble,
)
from keras_solvers.applications.turbulence_closure.experiment.uncertainty import LeaveOneFlowOut

KINDS = {
    "tensor-basis ensemble": train_ensemble,
    "Bayesian tensor-basis network": train_bayesian_network,
}
_TARGETS = {"ensemble spread, over that on training flows": (1.0, "higher")}


def figures(fast, seeds, progress):
    """Ten trainings for each seed and kind: without each flow, and without each pair of flows."""
    names = RANS_LES_FLOWS[:1] if fast else RANS_LES_FLOWS
    task = progress.add_task("uncertainty", total=len(KINDS) * len(seeds) * len(names))
    for kind, train in KINDS.items():
        rows = {name: [] for name in names}
        for seed in seeds:
            epochs = {"epochs": 1} if fast else {}
            trained = LeaveOneFlowOut(
                lambda flows, seed, e=epochs, t=train: t(flows, seed, **e), seed
            )
            for name in names:
                rows[name].append(trained.uncertainty_metrics(name))
                progress.advance(task)
            del trained
            keras.utils.clear_session()  # a hundred networks with their functions fill the memory
        for name, metrics in rows.items():
            for metric in metrics[0]:
                title = f"{name} left out, {kind}: {metric}"
                values = tuple(row[metric] for row in metrics)
                yield Figure(title, values, *_TARGETS.get(metric, ()))
