"""Prediction intervals of left-out flows, on synthetic flows that obey the same law."""

import dataclasses

import keras
import numpy as np
import pytest
from rich.progress import Progress
from synthetic_flows import synthetic_flow

from benchmarks import turbulence_closure_uncertainty as uncertainty_benchmark
from keras_solvers.applications.turbulence_closure import RANS_LES_FLOWS
from keras_solvers.applications.turbulence_closure.experiment import flows as flow_sets
from keras_solvers.applications.turbulence_closure.experiment import uncertainty
from keras_solvers.applications.turbulence_closure.experiment.training import (
    train_bayesian_network,
)
from keras_solvers.models import tensor_basis_ensemble


@pytest.fixture
def flows(monkeypatch):
    flows = {
        name: dataclasses.replace(synthetic_flow(seed), name=name)
        for seed, name in enumerate(RANS_LES_FLOWS)
    }
    for module in (uncertainty, flow_sets):
        monkeypatch.setattr(module, "all_flows", lambda: flows)
    return flows


def test_intervals_calibrated_on_other_flows_cover_the_errors(flows):
    trainings = []

    def untrained(flows, seed):
        keras.utils.set_random_seed(seed)
        trainings.append({flow.name for flow in flows})
        return tensor_basis_ensemble(3, 8, 1, num_scalars=2)

    trained = uncertainty.LeaveOneFlowOut(untrained, seed=0)
    metrics = trained.uncertainty_metrics("square_duct")
    # The flow itself is in no training, and each training was done once.
    assert all("square_duct" not in names for names in trainings)
    assert sorted(map(len, trainings)) == [2, 2, 2, 3]
    coverage = metrics["coverage of the 90% prediction intervals"]
    assert coverage == pytest.approx(0.9, abs=0.05)
    ratio = metrics["predicted over actual root mean square error"]
    assert ratio == pytest.approx(1.0, abs=0.1)
    bars = trained.error_bars("square_duct")
    assert len(trainings) == 4
    assert bars.floor > 0.0


def test_a_bayesian_network_learns_a_closure():
    test = synthetic_flow(2)
    network = train_bayesian_network([synthetic_flow(0, num=150)], 0, num_members=2, epochs=40)
    members = network.predict(test.inputs(), verbose=0)
    error = np.sqrt(np.mean((members.mean(axis=1) - test.anisotropy) ** 2))
    assert error < 0.4 * np.sqrt(np.mean(test.anisotropy**2))
    assert 0.0 < members.std(axis=1).mean() < error


def test_the_benchmark_reports_both_kinds(flows, monkeypatch):
    for kind in uncertainty_benchmark.KINDS:
        monkeypatch.setitem(
            uncertainty_benchmark.KINDS,
            kind,
            lambda *_, **__: tensor_basis_ensemble(2, 4, 1, num_scalars=2),
        )
    figures = list(uncertainty_benchmark.figures(True, [0, 1], Progress(disable=True)))
    assert len(figures) == 8
    assert {figure.figure.split(":")[0] for figure in figures} == {
        "square_duct left out, tensor-basis ensemble",
        "square_duct left out, Bayesian tensor-basis network",
    }
