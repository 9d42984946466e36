"""One run of an application in a folder, the same way for all."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from keras_solvers import environment
from keras_solvers.applications.application import Application, Result
from keras_solvers.applications.settings import Settings
from keras_solvers.export import check_formats, export
from keras_solvers.training import RunFolder

if TYPE_CHECKING:
    from rich.progress import Progress


def execute(
    application: Application,
    settings: Settings,
    path: str | Path,
    progress: "Progress",
    *,
    formats: Sequence[str] = (),
    overwrite: bool = False,
) -> Result:
    """Runs an application, and writes model, metrics, history, figures and exports.

    A run that was interrupted goes on; the metrics are written last and mark it as finished.

    Args:
        application: The `Application`.
        settings: Its settings.
        path: The run folder.
        progress: To draw on.
        formats: Export formats, see `keras_solvers.export.FORMATS`.
        overwrite: Whether an earlier run in the folder is replaced.

    Raises:
        RunExistsError: If the folder holds a finished run, or another one.
        ImportError: If a format needs a package that is missing.
    """
    check_formats(formats)
    folder = RunFolder(path, application.name, dataclasses.asdict(settings), overwrite)
    result = application.run(settings, folder, progress)
    if result.history:
        folder.save_history(result.history)
    if result.model is not None:
        folder.save_model(result.model)
        folder.save_examples(result.card, result.inputs)
    for name, figure in result.figures.items():
        folder.save_figure(name, figure)
    folder.finish({**folder.settings, **result.metrics, **environment.header()})
    exported = result.model if result.exported is None else result.exported
    if formats and exported is not None:
        export(exported, folder.path / "exports", formats, dict(result.card), result.inputs)
    return result
