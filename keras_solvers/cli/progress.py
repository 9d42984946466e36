"""Progress bars of long work, which can be interrupted."""

import contextlib

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


@contextlib.contextmanager
def progress_bars():
    columns = (BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    try:
        with Progress(TextColumn("{task.description}"), *columns) as progress:
            yield progress
    except KeyboardInterrupt:
        Console(stderr=True).print("Interrupted. The same command resumes the run.")
        raise typer.Exit(130) from None
