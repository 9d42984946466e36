"""The folder of a run: settings, checkpoint, history, model, metrics, figures, exports."""

import csv
import json
import shutil
from pathlib import Path

from keras_solvers import files


class RunExistsError(FileExistsError):
    """The folder holds a finished run, or one with other settings."""


class RunFolder:
    """A folder that a run owns; opening it again resumes the run.

    A run is finished when `metrics.json` stands in it: that file is written last.

    Args:
        path: The folder; made if it does not exist.
        settings: What determines the result, as a JSON-able dict; a run is resumed only with the
            same settings.
        overwrite: Whether to delete what an earlier run left there.

    Raises:
        RunExistsError: If the folder holds a finished run, a run with other settings, or files
            that no run made, and `overwrite` is not set.
    """

    def __init__(self, path, settings, overwrite=False):
        self.path = Path(path)
        self.settings = json.loads(json.dumps(settings))
        if overwrite and self._is_run():
            shutil.rmtree(self.path)
        self._check()
        files.write_json(self.path / "settings.json", self.settings)

    def _is_run(self):
        return (self.path / "settings.json").is_file()

    def _check(self):
        if self.path.is_file() or (
            self.path.is_dir() and any(self.path.iterdir()) and not self._is_run()
        ):
            raise RunExistsError(
                f"{self.path} exists and is no run folder. Choose another with `--out`."
            )
        if self.finished:
            raise RunExistsError(
                f"{self.path} holds a finished run. Choose another folder with `--out`, or replace "
                "the run with `--overwrite`."
            )
        if self._is_run() and json.loads(self.file("settings.json").read_text()) != self.settings:
            raise RunExistsError(
                f"{self.path} holds an unfinished run with other settings. Choose another folder "
                "with `--out`, or replace the run with `--overwrite`."
            )

    @property
    def finished(self):
        return (self.path / "metrics.json").is_file()

    def file(self, name):
        """Path of a file in the folder; its parent folder is made."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def save_model(self, model):
        with files.replacing(self.file("model.keras")) as temporary:
            model.save(temporary)

    def save_history(self, history):
        """Writes one row an epoch to `history.csv`."""
        with (
            files.replacing(self.file("history.csv")) as temporary,
            open(temporary, "w", newline="") as file,
        ):
            writer = csv.DictWriter(file, ["epoch", *history[0]])
            writer.writeheader()
            writer.writerows({"epoch": i, **row} for i, row in enumerate(history, start=1))

    def save_figure(self, name, figure):
        with files.replacing(self.file(f"figures/{name}.png")) as temporary:
            figure.savefig(temporary, dpi=120, bbox_inches="tight")

    def finish(self, metrics):
        """Writes the metrics, which marks the run as finished, and drops its checkpoints."""
        files.write_json(self.file("metrics.json"), metrics)
        for checkpoint in self.path.glob("checkpoint*.npz"):
            checkpoint.unlink()
