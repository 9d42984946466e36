"""`keras-solvers export`."""

import zipfile
from pathlib import Path

import keras
import typer
from rich.console import Console

from keras_solvers.applications.incompressible_flow.experiment.pressure_run import typical_flows
from keras_solvers.applications.incompressible_flow.networks.transfer import on_cells, sides_of
from keras_solvers.cli.simulate import cell_numbers
from keras_solvers.export.write import FORMATS, check_formats
from keras_solvers.export.write import export as export_model


def export(
    model: Path = typer.Argument(help="A saved model, .keras, or a run folder."),
    out: Path = typer.Option(None, help="Folder to write to; `exports` beside the model."),
    formats: str = typer.Option(",".join(FORMATS), help="Comma-separated formats."),
    cells: str = typer.Option(
        None, help="Pressure networks: cells, such as 256x256, or 'any' for convolutional ones."
    ),
):
    """Export a trained model; each export is run and compared before it is kept."""
    wanted = [name for name in formats.split(",") if name]
    check_formats(wanted)
    path = model / "model.keras" if model.is_dir() else model
    if not path.is_file():
        raise FileNotFoundError(f"There is no model {path}. Expected a .keras file or run folder.")
    if not zipfile.is_zipfile(path):
        raise ValueError(f"{path} is no saved Keras model, or it is damaged.")
    out = out or path.parent / "exports"
    network = keras.saving.load_model(path)
    if cells is not None:
        num_axes = len(network.input_shape) - 2
        network = on_cells(network, (None,) * num_axes if cells == "any" else cell_numbers(cells))
    # A pressure network knows the sides of its domain, and takes a mask of 0 and 1.
    inputs = None if sides_of(network) is None else typical_flows(network)
    differences = export_model(network, out, wanted, inputs=inputs)
    for name, difference in differences.items():
        Console().print(f"{name}: largest relative difference {difference:.1e}")
    Console().print(f"written to {out}", soft_wrap=True)
