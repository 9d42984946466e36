"""`keras-solvers export`."""

from pathlib import Path

import typer
from rich.console import Console

from keras_solvers import applications
from keras_solvers.cli.keras_loading import keras_quietly
from keras_solvers.cli.options import numbers


def export(
    model: Path = typer.Argument(help="A saved model, .keras, or a run folder."),
    out: Path = typer.Option(None, help="Folder to write to; `exports` beside the model."),
    formats: str = typer.Option("all", help="Comma-separated formats."),
    cells: str = typer.Option(
        None, help="Pressure networks: cells, such as 256x256, or 'any' for convolutional ones."
    ),
):
    """Export a trained model; each export is run and compared before it is kept."""
    with keras_quietly():
        from keras_solvers.export import export as export_model
        from keras_solvers.export import named_formats
        from keras_solvers.saving import load_model
        from keras_solvers.training import RunFolder
    wanted = named_formats(formats)
    network, card, inputs = load_model(model), {}, None
    if model.is_dir():
        card, inputs = RunFolder.opened(model).examples()
    if cells is not None:
        application = applications.load(RunFolder.opened(model).run)
        num_axes = len(network.input_shape) - 2
        sizes = (None,) * num_axes if cells == "any" else numbers(cells)
        network, inputs = application.resized(network, sizes)
    out = out or (model if model.is_dir() else model.parent) / "exports"
    differences = export_model(network, out, wanted, card, inputs)
    for name, difference in differences.items():
        Console().print(f"{name}: largest relative difference {difference:.1e}")
    Console().print(f"written to {out}", soft_wrap=True)
