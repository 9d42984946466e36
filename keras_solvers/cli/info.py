"""`keras-solvers list` and `keras-solvers doctor`."""

import ast
import importlib.util
import os

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from keras_solvers import applications, classic, environment, layers, models, problems
from keras_solvers.cli.keras_loading import keras_quietly
from keras_solvers.data import images, locate

KINDS = {"problems": problems, "classic": classic, "models": models, "layers": layers}


def list_everything(
    kind: str = typer.Argument(
        None, help=f"applications, {', '.join(KINDS)} or data; all if left out"
    ),
):
    """List applications, problems, classic solvers, models, layers and data sets."""
    parts = {"applications": _applications, **dict.fromkeys(KINDS, _public), "data": _data}
    if kind is not None and kind not in parts:
        raise ValueError(f"What can be listed is {', '.join(parts)}. Received: {kind!r}")
    for name in parts if kind is None else [kind]:
        table = Table(title=name, title_justify="left", show_header=False)
        for row in parts[name](name):
            table.add_row(*map(escape, row))
        Console().print(table)


def _applications(_):
    for name in applications.names():
        application = applications.load(name)
        rivals = ", ".join(application.rivals)
        yield f"run {name}", application.title, f"{application.network}, beside {rivals}"


def _public(kind):
    for name in KINDS[kind].__all__:
        yield name, _summary(KINDS[kind].HOMES[name], name)


def _data(_):
    for name, image_set in images.IMAGE_SETS.items():
        yield name, image_set.title


def doctor():
    """Show versions and devices, what is missing, and how to get it."""
    console = Console()
    table = Table("package", "version", title="installed")
    for name, version in environment.versions().items():
        table.add_row(name, version or "[yellow]missing[/]")
    console.print(table)
    with keras_quietly():
        import keras

        devices = keras.distribution.list_devices() or ["cpu"]
    console.print(f"backend: {keras.backend.backend()}; devices: {', '.join(devices)}")
    console.print(f"data folders: {', '.join(map(str, locate.search_folders()))}")
    for extra, packages in environment.missing_packages().items():
        remedy = escape(f"pip install 'keras-solvers[{extra}]'")
        purpose = environment.EXTRAS[extra]
        console.print(f"[yellow]missing[/] {', '.join(packages)} ({purpose}): {remedy}")
    for name in images.IMAGE_SETS:
        if images.IMAGE_SETS[name].checksum and images.locate_images(name) is None:
            console.print(f"[yellow]missing[/] data {name}: keras-solvers data fetch {name}")
    console.print(f"CPU cores: {os.cpu_count()}")


def _summary(module, name):
    """First line of a docstring, read from the source: importing it would take Keras."""
    with open(importlib.util.find_spec(module).origin) as file:
        body = ast.parse(file.read()).body
    (thing,) = (node for node in body if getattr(node, "name", None) == name)
    return (ast.get_docstring(thing) or "").partition("\n")[0].replace("`", "")
