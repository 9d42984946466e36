"""Entry point of `keras-solvers`: errors of the user end in a message and exit code 2."""

import os
import sys

import typer
from rich.console import Console

import keras_solvers
from keras_solvers.cli import data, export, info, lab, run

app = typer.Typer(
    name="keras-solvers",
    help="Neural solvers in Keras, always beside the strongest classic solver.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main(arguments=None):
    """Runs the command line; returns the exit code."""
    try:
        app(arguments if arguments is not None else sys.argv[1:])
    except SystemExit as end:
        return end.code
    except (ValueError, OSError, ImportError, ArithmeticError) as problem:
        if os.environ.get("KERAS_SOLVERS_TRACEBACK"):
            raise
        error = Console(stderr=True)
        error.print("[bold red]Error:[/]", end=" ")
        error.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def run_command():
    """Runs the command line and exits."""
    sys.exit(main())


def _version(wanted: bool):
    if wanted:
        Console().print(f"keras-solvers {keras_solvers.__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
):
    """Neural solvers in Keras, always beside the strongest classic solver."""


app.command("list")(info.list_everything)
app.command("doctor")(info.doctor)
app.command("export")(export.export)
app.add_typer(run.app, name="run")
app.add_typer(data.app, name="data")
app.add_typer(lab.app, name="lab")
