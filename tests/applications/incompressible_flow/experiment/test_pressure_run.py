import json

import keras
import pytest
from rich.progress import Progress

from keras_solvers.applications.incompressible_flow.experiment.pressure_run import (
    PressureRecipe,
    run_pressure,
    typical_flows,
)
from keras_solvers.export import export
from keras_solvers.training import RunExistsError

SMALL = PressureRecipe(
    cells=(8, 8),
    num_smoothings=1,
    num_training_flows=32,
    epochs=2,
    test_cells=(8, 12),
    num_test_flows=3,
    cycles=((1, (2,)),),
    preconditioned_iterations=(2,),
    diagonal_iterations=(10,),
    repeats=1,
)


def test_run_folder_holds_model_metrics_and_pictures(tmp_path):
    folder = tmp_path / "run"
    with Progress(disable=True) as progress:
        network, metrics = run_pressure(folder, progress, recipe=SMALL)
        with pytest.raises(RunExistsError):
            run_pressure(folder, progress, recipe=SMALL)
    assert json.loads((folder / "metrics.json").read_text())["parameters"] == 4
    assert network.output_shape == (None, 8, 8, 1)
    one, many = metrics["comparisons"]
    assert (one["batch_size"], many["batch_size"]) == (1, 3)
    for name in ("work_precision", "flows"):
        assert (folder / "figures" / f"{name}.png").stat().st_size > 1000
    loaded = keras.saving.load_model(folder / "model.keras")
    differences = export(loaded, tmp_path, ["savedmodel"], inputs=typical_flows(loaded))
    assert differences["savedmodel"] <= 1e-5
