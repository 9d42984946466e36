"""`keras-solvers run NAME`: one command an application, made of its settings."""

import inspect
from pathlib import Path

import typer
from rich.console import Console

from keras_solvers import applications
from keras_solvers.cli.keras_loading import keras_quietly
from keras_solvers.cli.options import options
from keras_solvers.cli.progress import progress_bars
from keras_solvers.cli.tables import rich_table

app = typer.Typer(help="Train a neural solver in a run folder and compare it with classic ones.")


def _common():
    """Options that every run has."""
    out = typer.Option(None, help="Run folder; a name under runs/ if left out.")
    formats = typer.Option("all", help="Export formats, comma-separated; '' for none.")
    overwrite = typer.Option(False, "--overwrite", help="Replace an earlier run in the folder.")
    return [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, default, kind in (
            ("out", out, Path),
            ("formats", formats, str),
            ("overwrite", overwrite, bool),
        )
    ]


def _command(application):
    def run(*, out, formats, overwrite, **values):
        settings = application.settings(**values)
        out = out or Path(application.default_folder(settings))
        with keras_quietly():
            from keras_solvers.applications.execution import execute
            from keras_solvers.export import named_formats
        wanted = named_formats(formats)
        with progress_bars() as progress:
            result = execute(
                application, settings, out, progress, formats=wanted, overwrite=overwrite
            )
        console = Console()
        for table in result.tables:
            console.print(rich_table(table))
        if wanted and result.model is not None:
            console.print(f"exported and compared: {', '.join(wanted)}")
        console.print(f"written to {out}", soft_wrap=True)

    run.__signature__ = inspect.Signature([*options(application.settings), *_common()])
    run.__annotations__ = {p.name: p.annotation for p in run.__signature__.parameters.values()}
    rivals = ", ".join(application.rivals)
    run.__doc__ = f"{application.title}: {application.network}, beside {rivals}."
    return run


for _name in applications.names():
    app.command(_name)(_command(applications.load(_name)))
