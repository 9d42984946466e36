"""Error bars of flows that were left out, on made-up flows that all obey the same law."""

import dataclasses

import keras
import numpy as np
import pytest
from made_up_flows import made_up
from rich.progress import Progress

from benchmarks import turbulence_closure_cost as closure_cost
from benchmarks import turbulence_closure_doubt as closure_doubt
from keras_solvers.applications.turbulence_closure import PAIRED_FLOWS
from keras_solvers.applications.turbulence_closure.experiment import doubt
from keras_solvers.applications.turbulence_closure.experiment import flows as flow_sets
from keras_solvers.applications.turbulence_closure.experiment.samples import (
    samples,
    with_any_gradients,
)
from keras_solvers.applications.turbulence_closure.experiment.training import train_variational
from keras_solvers.data import find
from keras_solvers.models import stress_committee


@pytest.fixture
def flows(monkeypatch):
    flows = {
        name: dataclasses.replace(made_up(seed), name=name)
        for seed, name in enumerate(PAIRED_FLOWS)
    }
    for module in (doubt, flow_sets):
        monkeypatch.setattr(module, "all_flows", lambda: flows)
    return flows


def test_bars_learned_from_flows_left_out_hold_for_another(flows):
    seen = []

    def untrained(flows, seed):
        keras.utils.set_random_seed(seed)
        seen.append({flow.name for flow in flows})
        return stress_committee(3, 8, 1, num_scalars=2)

    trained = doubt.LeftOut(untrained, seed=0)
    told = trained.told("square_duct")
    # The flow itself is in no training, and each training was done once.
    assert all("square_duct" not in names for names in seen)
    assert sorted(map(len, seen)) == [2, 2, 2, 3]
    assert told["errors within their bars for 90%"] == pytest.approx(0.9, abs=0.05)
    assert told["expected size of the error over the size"] == pytest.approx(1.0, abs=0.1)
    bars = trained.error_bars("square_duct")
    assert len(seen) == 4
    assert bars.floor > 0.0


def test_weights_with_distributions_learn_a_law():
    asked = made_up(2)
    committee = train_variational([made_up(0, num=150)], 0, num_members=2, epochs=40)
    found = committee.predict(asked.inputs(), verbose=0)
    error = np.sqrt(np.mean((found.mean(axis=1) - asked.anisotropy) ** 2))
    assert error < 0.4 * np.sqrt(np.mean(asked.anisotropy**2))
    assert 0.0 < found.std(axis=1).mean() < error


def test_points_of_no_flow_have_no_weight_and_all_sizes():
    drawn = samples([made_up(0)], 0)
    more = with_any_gradients(drawn, 0)
    added = len(more.b) - len(drawn.b)
    assert added == len(drawn.b) // 2
    assert more.weights[len(drawn.b) :].sum() == 0.0
    tensors = more.x["tensors"][len(drawn.b) :]
    np.testing.assert_allclose(np.trace(tensors[:, 0], axis1=1, axis2=2), 0.0, atol=1e-4)
    sizes = np.sqrt(np.sum(tensors**2, axis=(1, 2, 3)))
    assert sizes.min() < 0.2
    assert 20.0 < sizes.max() <= 100.1
    plane = tensors[::2]
    assert np.abs(plane[:, :, 2]).max() < 1e-4
    assert np.abs(plane[:, :, :, 2]).max() < 1e-4


def test_the_benchmark_tells_of_both_kinds(flows, monkeypatch):
    for kind in closure_doubt.KINDS:
        monkeypatch.setitem(
            closure_doubt.KINDS, kind, lambda *_, **__: stress_committee(2, 4, 1, num_scalars=2)
        )
    figures = list(closure_doubt.figures(True, [0, 1], Progress(disable=True)))
    assert len(figures) == 8
    assert {figure.figure.split(":")[0] for figure in figures} == {
        "square_duct left out, committee",
        "square_duct left out, variational",
    }


@pytest.mark.skipif(
    find("turbulence/rans_les_flows/periodic_hills.npz") is None,
    reason="no paired flows: set KERAS_SOLVERS_DATA",
)
def test_the_cost_of_a_basis_is_a_ratio_of_two_trainings():
    (figure,) = closure_cost.figures(True, [0], None)
    assert len(figure.values) == 5
    assert 0.3 < figure.measured < 4.0
