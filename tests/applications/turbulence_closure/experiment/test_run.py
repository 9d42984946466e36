"""`run closure` on synthetic flows: its files, and its exported model."""

import dataclasses
import json

import numpy as np
import pytest
from synthetic_flows import synthetic_flow

from keras_solvers.applications.turbulence_closure import RANS_LES_FLOWS
from keras_solvers.applications.turbulence_closure.experiment import flows as flow_sets
from keras_solvers.applications.turbulence_closure.experiment import run as closure_run
from keras_solvers.applications.turbulence_closure.experiment.run import example_inputs
from keras_solvers.cli.main import main
from keras_solvers.export import load_exported


@pytest.fixture
def flows(monkeypatch):
    """Four flows with the names of the real ones, and with coordinates."""
    flows = {name: synthetic_flow(seed, num=200) for seed, name in enumerate(RANS_LES_FLOWS)}
    coordinates = np.random.default_rng(0).uniform(size=(200, 2))
    flows = {
        name: dataclasses.replace(flow, name=name, coordinates=coordinates)
        for name, flow in flows.items()
    }
    for module in (flow_sets, closure_run):
        monkeypatch.setattr(module, "all_flows", lambda: flows)
    return flows


def test_the_command_compares_draws_and_exports(flows, tmp_path, capsys):
    out = tmp_path / "run"
    command = ["run", "closure", "--leave-out", "square_duct", "--out", str(out)]
    assert main([*command, "--formats", "onnx"]) == 0
    assert "tensor-basis ensemble" in capsys.readouterr().out
    metrics = json.loads((out / "metrics.json").read_text())
    assert metrics["training_flows"] == [n for n in RANS_LES_FLOWS if n != "square_duct"]
    # The target is a sum of four tensors with constant coefficients: the fit is exact.
    assert metrics["root_mean_square"]["constant coefficients"] < 1e-6
    assert metrics["realizable"] == 1.0
    names = {path.stem for path in (out / "figures").iterdir()}
    assert names == {"barycentric_map", "ensemble_spread", "fields", "profiles"}
    x = {name: value.astype("float32") for name, value in example_inputs(0).items()}
    stress = load_exported(out / "exports" / "model.onnx")(x)
    trace = np.trace(stress, axis1=1, axis2=2)[:, None]
    np.testing.assert_allclose(trace, 2.0 * x["k"], rtol=1e-5)
    assert main(command) == 2  # the run is finished
