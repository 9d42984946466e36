import csv
import json

import pytest

from keras_solvers.training import RunExistsError, RunFolder

SETTINGS = {"model": "mlp", "epochs": 2, "widths": (1, 2)}


def folder_of(path, settings=SETTINGS, overwrite=False):
    return RunFolder(path, "digits", settings, overwrite)


def test_unfinished_run_is_taken_up_again(tmp_path):
    folder_of(tmp_path / "run").file("checkpoint.npz").write_text("kept")
    assert folder_of(tmp_path / "run").file("checkpoint.npz").read_text() == "kept"


def test_a_run_that_cannot_begin_leaves_everything_as_it_was(tmp_path):
    folder_of(tmp_path / "run")
    assert not (tmp_path / "run").exists()
    folder_of(tmp_path / "run").finish({"error": 1.0})
    folder_of(tmp_path / "run", {**SETTINGS, "epochs": 3}, overwrite=True)
    assert json.loads((tmp_path / "run/metrics.json").read_text()) == {"error": 1.0}


def test_finished_run_is_not_overwritten_unasked(tmp_path):
    folder = folder_of(tmp_path)
    folder.file("checkpoint.npz").write_text("done with")
    folder.finish({"error": 1.0})
    assert not folder.file("checkpoint.npz").exists()
    with pytest.raises(RunExistsError, match=r"finished run.*--overwrite"):
        folder_of(tmp_path)
    assert json.loads((tmp_path / "metrics.json").read_text()) == {"error": 1.0}
    other = folder_of(tmp_path, {**SETTINGS, "epochs": 3}, overwrite=True)
    other.file("checkpoint.npz").write_text("new")
    assert not other.finished
    assert json.loads((tmp_path / "settings.json").read_text())["epochs"] == 3


def test_run_with_other_settings_is_not_resumed(tmp_path):
    folder_of(tmp_path).file("checkpoint.npz").write_text("of two epochs")
    with pytest.raises(RunExistsError, match="other settings"):
        folder_of(tmp_path, {**SETTINGS, "epochs": 3})


@pytest.mark.parametrize("foreign", ["thesis.tex", "settings.json"])
def test_foreign_folder_is_never_touched(tmp_path, foreign):
    (tmp_path / foreign).write_text('{"font": "precious"}')
    for overwrite in (False, True):
        with pytest.raises(RunExistsError, match="no run folder"):
            folder_of(tmp_path, overwrite=overwrite)
    with pytest.raises(RunExistsError, match="no run folder"):
        folder_of(tmp_path / foreign)
    assert (tmp_path / foreign).read_text() == '{"font": "precious"}'


def test_overwriting_deletes_only_what_a_run_writes(tmp_path):
    folder = folder_of(tmp_path)
    folder.file("figures/loss.png").write_text("old")
    folder.finish({"error": 1.0})
    (tmp_path / "notes.txt").write_text("mine")
    folder_of(tmp_path, overwrite=True).file("checkpoint.npz").write_text("new")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "checkpoint.npz",
        "notes.txt",
        "settings.json",
    ]


def test_history_is_a_table(tmp_path):
    folder = folder_of(tmp_path)
    folder.save_history([{"loss": 2.0}, {"loss": 1.0}])
    with open(folder.file("history.csv")) as file:
        assert list(csv.DictReader(file)) == [
            {"epoch": "1", "loss": "2.0"},
            {"epoch": "2", "loss": "1.0"},
        ]
