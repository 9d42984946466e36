import csv
import json

import pytest

from keras_solvers.training import RunExistsError, RunFolder

SETTINGS = {"model": "mlp", "epochs": 2, "widths": (1, 2)}


def test_unfinished_run_is_taken_up_again(tmp_path):
    RunFolder(tmp_path / "run", SETTINGS).file("checkpoint.npz").write_text("kept")
    assert RunFolder(tmp_path / "run", SETTINGS).file("checkpoint.npz").read_text() == "kept"


def test_finished_run_is_not_overwritten_unasked(tmp_path):
    folder = RunFolder(tmp_path, SETTINGS)
    folder.file("checkpoint.npz").write_text("done with")
    folder.finish({"error": 1.0})
    assert not folder.file("checkpoint.npz").exists()
    with pytest.raises(RunExistsError, match=r"finished run.*--overwrite"):
        RunFolder(tmp_path, SETTINGS)
    assert json.loads((tmp_path / "metrics.json").read_text()) == {"error": 1.0}
    assert not RunFolder(tmp_path, SETTINGS, overwrite=True).finished


def test_run_with_other_settings_is_not_resumed(tmp_path):
    RunFolder(tmp_path, SETTINGS)
    with pytest.raises(RunExistsError, match="other settings"):
        RunFolder(tmp_path, {**SETTINGS, "epochs": 3})


def test_foreign_folder_is_never_touched(tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    for overwrite in (False, True):
        with pytest.raises(RunExistsError, match="no run folder"):
            RunFolder(tmp_path, SETTINGS, overwrite)
    with pytest.raises(RunExistsError, match="no run folder"):
        RunFolder(tmp_path / "thesis.tex", SETTINGS)
    assert (tmp_path / "thesis.tex").read_text() == "precious"


def test_history_is_a_table(tmp_path):
    folder = RunFolder(tmp_path, SETTINGS)
    folder.save_history([{"loss": 2.0}, {"loss": 1.0}])
    with open(folder.file("history.csv")) as file:
        assert list(csv.DictReader(file)) == [
            {"epoch": "1", "loss": "2.0"},
            {"epoch": "2", "loss": "1.0"},
        ]
