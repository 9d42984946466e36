import json

from running import run

from keras_solvers import load_model
from keras_solvers.applications.incompressible_flow.experiment.pressure_run import typical_flows
from keras_solvers.cli.main import main
from keras_solvers.export import export

SMALL = {
    "cells": (8, 8),
    "num_smoothings": 1,
    "num_training_flows": 32,
    "epochs": 2,
    "test_cells": (8, 12),
    "num_test_flows": 3,
    "preconditioned_iterations": (2,),
    "diagonal_iterations": (10,),
    "repeats": 1,
}


def test_run_folder_holds_model_metrics_and_pictures(tmp_path):
    folder = tmp_path / "run"
    result = run("pressure", folder, **SMALL)
    assert json.loads((folder / "metrics.json").read_text())["parameters"] == 4
    assert result.model.output_shape == (None, 8, 8, 1)
    one, many = result.metrics["comparisons"]
    assert (one["batch_size"], many["batch_size"]) == (1, 3)
    assert all(len(row) == len(table.columns) for table in result.tables for row in table.rows)
    for name in ("work_precision", "flows"):
        assert (folder / "figures" / f"{name}.png").stat().st_size > 1000
    loaded = load_model(folder)
    differences = export(loaded, tmp_path, ["savedmodel"], inputs=typical_flows(loaded))
    assert differences["savedmodel"] <= 1e-5

    # For other cells too, with the card of the run.
    command = ["export", str(folder), "--formats", "onnx", "--cells", "16x24"]
    assert main([*command, "--out", str(tmp_path / "wide")]) == 0
    card = json.loads((tmp_path / "wide" / "model_card.json").read_text())
    assert card["input"]["shape"] == [None, 16, 24, 2]
    assert card["units"].startswith("lengths in cells")
