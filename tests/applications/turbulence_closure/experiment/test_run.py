"""`run closure`, on made-up flows: what it writes, and that it answers the same again."""

import dataclasses
import json

import numpy as np
import pytest
from made_up_flows import made_up

from keras_solvers.applications.turbulence_closure import PAIRED_FLOWS
from keras_solvers.applications.turbulence_closure.experiment import flows as flow_sets
from keras_solvers.applications.turbulence_closure.experiment import run as closure_run
from keras_solvers.applications.turbulence_closure.experiment.run import typical_points
from keras_solvers.cli.main import main
from keras_solvers.export import load_exported


@pytest.fixture
def flows(monkeypatch):
    """Four flows with the names of the real ones, one of them with places."""
    flows = {name: made_up(seed, num=200) for seed, name in enumerate(PAIRED_FLOWS)}
    places = np.random.default_rng(0).uniform(size=(200, 2))
    flows = {
        name: dataclasses.replace(flow, name=name, places=places) for name, flow in flows.items()
    }
    for module in (flow_sets, closure_run):
        monkeypatch.setattr(module, "all_flows", lambda: flows)
    return flows


def test_the_command_compares_draws_and_exports(flows, tmp_path, capsys):
    out = tmp_path / "run"
    command = ["run", "closure", "--leave-out", "square_duct", "--out", str(out)]
    assert main([*command, "--formats", "onnx"]) == 0
    assert "committee" in capsys.readouterr().out
    metrics = json.loads((out / "metrics.json").read_text())
    assert metrics["trained_on"] == [n for n in PAIRED_FLOWS if n != "square_duct"]
    # The truth is a sum of four tensors with constants: those find it.
    assert metrics["root_mean_square"]["constant coefficients"] < 1e-6
    assert metrics["realizable"] == 1.0
    names = {path.stem for path in (out / "figures").iterdir()}
    assert names == {"map", "doubt", "fields", "profiles"}
    x = {name: value.astype("float32") for name, value in typical_points(0).items()}
    stress = load_exported(out / "exports" / "model.onnx")(x)
    trace = np.trace(stress, axis1=1, axis2=2)[:, None]
    np.testing.assert_allclose(trace, 2.0 * x["k"], rtol=1e-5)
    assert main(command) == 2  # the run is finished
