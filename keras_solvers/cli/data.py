"""`keras-solvers data list | verify | fetch`."""

import typer
from rich.console import Console

from keras_solvers.data.images import (
    IMAGE_SETS,
    check_name,
    fetch_images,
    locate_images,
    read_images,
)
from keras_solvers.data.locate import DamagedDataError

app = typer.Typer(help="Data sets: what is here, whether it is sound, and how to get it.")
NAMES = " | ".join(IMAGE_SETS)


@app.command("list")
def list_():
    """List the data sets and where they are."""
    for name, images in IMAGE_SETS.items():
        Console().print(f"[bold]{name}[/]: {images.title} ({images.source})\n    {_place(name)}")


@app.command()
def verify(name: str = typer.Argument(None, help=f"{NAMES}; all if left out")):
    """Check the data sets on this machine against their SHA-256 checksums."""
    console = Console()
    if name:
        check_name(name)
    damaged = []
    for each in [name] if name else IMAGE_SETS:
        path = None if IMAGE_SETS[each].checksum is None else locate_images(each)
        if path is None:
            console.print(f"{each}: {_place(each)}", soft_wrap=True)
            continue
        try:
            read_images(each, path)
            console.print(f"{each}: sound, {path}", soft_wrap=True)
        except DamagedDataError as error:
            damaged.append(str(error))
    if damaged:
        raise DamagedDataError("\n".join(damaged))


@app.command()
def fetch(name: str = typer.Argument(help=NAMES)):
    """Download a data set into the Keras cache and verify it."""
    Console().print(f"{name}: stored in {fetch_images(name)}", soft_wrap=True)


def _place(name):
    if IMAGE_SETS[name].checksum is None:
        return "comes with scikit-learn"
    return str(locate_images(name) or f"not here; get it: keras-solvers data fetch {name}")
