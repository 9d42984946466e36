"""The folder of a run: settings, checkpoint, history, model, metrics, figures, exports."""

import csv
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from keras_solvers import files

_RUN = "keras_solvers_run"  # by this key of its settings a folder is known as one of ours
_WRITTEN = (
    "checkpoint*.npz",
    "example_inputs.npz",
    "history.csv",
    "metrics.json",
    "model.keras",
    "model_card.json",
    "settings.json",
)
_FOLDERS = ("figures", "exports")
_ONLY = "x"  # name of inputs that are one array


class RunExistsError(FileExistsError):
    """The folder holds a finished run, one with other settings, or files of somebody else."""


class RunFolder:
    """A folder that a run owns; opening it again resumes the run.

    Nothing is written or deleted before the first file of the run, so that a run that cannot
    begin leaves everything as it was. A run is finished when `metrics.json` stands in the folder:
    that file is written last.

    Args:
        path: The folder; made if it does not exist.
        run: Name of what is run.
        settings: What determines the result, as a JSON-able dict; a run is resumed only with the
            same settings.
        overwrite: Whether to delete what an earlier run wrote there.

    Raises:
        RunExistsError: If the folder holds a finished run or a run with other settings and
            `overwrite` is not set, or files that no run made.
    """

    def __init__(
        self, path: str | Path, run: str, settings: Mapping[str, Any], overwrite: bool = False
    ):
        self.path = Path(path)
        self.settings = {_RUN: run, **json.loads(json.dumps(settings))}
        self._overwrite, self._open = overwrite, False
        self._check()

    @classmethod
    def opened(cls, path: str | Path) -> "RunFolder":
        """The folder of an earlier run.

        Raises:
            FileNotFoundError: If it is none.
        """
        settings = _earlier_settings(Path(path))
        if settings is None:
            raise FileNotFoundError(f"{path} is no run folder.")
        return cls(path, settings.pop(_RUN), settings, overwrite=True)

    @property
    def run(self) -> str:
        """Name of what is run."""
        return self.settings[_RUN]

    def _check(self):
        if self.path.is_file() or (
            self.path.is_dir() and any(self.path.iterdir()) and self._earlier() is None
        ):
            raise RunExistsError(
                f"{self.path} exists and is no run folder. Choose another with `--out`."
            )
        if self._overwrite:
            return
        if self.finished:
            raise RunExistsError(
                f"{self.path} holds a finished run. Choose another folder with `--out`, or replace "
                "the run with `--overwrite`."
            )
        if self._earlier() not in (None, self.settings):
            raise RunExistsError(
                f"{self.path} holds an unfinished run with other settings. Choose another folder "
                "with `--out`, or replace the run with `--overwrite`."
            )

    def _earlier(self):
        return _earlier_settings(self.path)

    def _begin(self):
        if self._open:
            return
        if self._overwrite and self._earlier() is not None:
            for pattern in _WRITTEN:
                for file in self.path.glob(pattern):
                    file.unlink()
            for name in _FOLDERS:
                shutil.rmtree(self.path / name, ignore_errors=True)
        files.write_json(self.path / "settings.json", self.settings)
        self._open = True

    @property
    def finished(self) -> bool:
        return (self.path / "metrics.json").is_file()

    def file(self, name: str) -> Path:
        """Path of a file in the folder; its parent folder is made."""
        self._begin()
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def save_model(self, model):
        with files.replacing(self.file("model.keras")) as temporary:
            model.save(temporary)

    def save_examples(self, card: Mapping[str, Any], inputs: Any):
        """Writes what an export of the model needs: its card, and inputs to compare it on.

        Args:
            card: What inputs and outputs mean.
            inputs: An array, a dict of arrays, or `None`.
        """
        files.write_json(self.file("model_card.json"), dict(card))
        if inputs is not None:
            arrays = inputs if isinstance(inputs, dict) else {_ONLY: inputs}
            files.write_arrays(self.file("example_inputs.npz"), arrays)

    def examples(self) -> tuple[dict, Any]:
        """What `save_examples` wrote: card and inputs."""
        card, inputs = self.path / "model_card.json", self.path / "example_inputs.npz"
        about = json.loads(card.read_text()) if card.is_file() else {}
        if not inputs.is_file():
            return about, None
        with np.load(inputs, allow_pickle=False) as file:
            arrays = dict(file)
        return about, arrays.get(_ONLY, arrays)

    def save_history(self, history: Sequence[Mapping[str, float]]):
        """Writes one row an epoch to `history.csv`."""
        with (
            files.replacing(self.file("history.csv")) as temporary,
            open(temporary, "w", newline="") as file,
        ):
            writer = csv.DictWriter(file, ["epoch", *history[0]])
            writer.writeheader()
            writer.writerows({"epoch": i, **row} for i, row in enumerate(history, start=1))

    def save_figure(self, name: str, figure):
        with files.replacing(self.file(f"figures/{name}.png")) as temporary:
            figure.savefig(temporary, dpi=120, bbox_inches="tight")

    def finish(self, metrics: Mapping[str, Any]):
        """Writes the metrics, which marks the run as finished, and drops its checkpoints."""
        files.write_json(self.file("metrics.json"), dict(metrics))
        for checkpoint in self.path.glob("checkpoint*.npz"):
            checkpoint.unlink()


def _earlier_settings(path):
    """Settings of the run that a folder holds, or `None`."""
    try:
        settings = json.loads((path / "settings.json").read_text())
    except (OSError, ValueError):
        return None
    return settings if isinstance(settings, dict) and _RUN in settings else None
