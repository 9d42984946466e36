import json

import keras
import pytest
from running import run

from keras_solvers.applications.sparse_coding.measure import CERTIFIED, CODE_ERROR, NEURAL
from keras_solvers.training import RunExistsError

SMALL = {
    "num_atoms": 150,
    "num_layers": 4,
    "num_dictionary_patches": 2000,
    "num_training_patches": 20_000,
    "num_test_patches": 300,
    "epochs": 2,
    "certified_iterations": (16, 64),
    "sweeps": (1, 4),
    "repeats": 1,
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_HOME", str(folder / "keras"))
        return folder / "run", run("sparse-coding", folder / "run", **SMALL)


def gaps(metrics, name):
    found = [m for m in metrics["measurements"] if m["name"] == name and m["batch_size"] == 300]
    return {m["setting"]: m["error"] for m in found}


def test_trained_network_beats_the_classic_solver_it_unrolls(finished):
    metrics = finished[1].metrics
    learned = gaps(metrics, NEURAL)["4 layers"]
    assert learned < 0.5 * gaps(metrics, "ISTA")["4"]
    assert learned < gaps(metrics, "FISTA")["4"]


def test_classic_iteration_from_the_network_is_certified(finished):
    metrics = finished[1].metrics
    certified = gaps(metrics, CERTIFIED)
    assert certified["64"] < 0.1 * gaps(metrics, NEURAL)["4 layers"]
    assert certified["64"] >= -1e-6  # nothing is below the converged reference


def test_speedups_are_stated_for_one_input_and_for_many(finished):
    metrics = finished[1].metrics
    one, many = metrics["comparisons"]
    assert (one["batch_size"], many["batch_size"]) == (1, 300)
    for row in (one, many):
        assert row["gap"] == gaps(metrics, NEURAL)["4 layers"]
        ratio = row["classic_seconds"] / row["neural_seconds"]
        assert row["speedup_at_equal_accuracy"] == pytest.approx(ratio)
        assert (row["break_even_solves"] is None) == (ratio <= 1.0)


def test_code_errors_stand_beside_the_gaps(finished):
    metrics = finished[1].metrics
    assert all(m["extra_metrics"][CODE_ERROR] >= 0.0 for m in metrics["measurements"])


def test_folder_is_complete(finished):
    folder, result = finished
    assert json.loads((folder / "metrics.json").read_text())["seed"] == 0
    assert len((folder / "history.csv").read_text().splitlines()) == 3
    pictures = {path.name for path in (folder / "figures").iterdir()}
    assert pictures == {"work_precision.png", "patches.png", "thresholds.png", "atoms.png"}
    loaded = keras.saving.load_model(folder / "model.keras")
    assert loaded.count_params() == result.model.count_params() == result.metrics["parameters"]
    assert all(len(row) == len(t.columns) for t in result.tables for row in t.rows)


def test_finished_run_is_kept(finished):
    with pytest.raises(RunExistsError):
        run("sparse-coding", finished[0], **SMALL)
