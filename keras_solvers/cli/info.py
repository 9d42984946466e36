"""`keras-solvers list` and `keras-solvers doctor`."""

import importlib.util
import os

import keras
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from keras_solvers import classic, data, environment, layers, models, problems
from keras_solvers.applications.digits.recipes import RECIPES
from keras_solvers.applications.incompressible_flow.experiment.pressure_solvers import (
    CLASSIC,
    NEURAL,
)
from keras_solvers.applications.pde_benchmarks.cases import CASES
from keras_solvers.data import images, locate

EXTRAS = {  # module: (what it is for, how to get it)
    "tensorflow": ("default backend; SavedModel", "pip install keras-solvers[tensorflow]"),
    "jax": ("backend, KERAS_BACKEND=jax", "pip install keras-solvers[jax]"),
    "tf2onnx": ("export to ONNX", "pip install keras-solvers[export]"),
    "onnxruntime": ("running ONNX", "pip install keras-solvers[export]"),
    "numba": ("incomplete Cholesky", "pip install keras-solvers[fluids]"),
    "pyamg": ("algebraic multigrid", "pip install keras-solvers[fluids]"),
    "tensorflow_probability": ("Monte Carlo", "pip install keras-solvers[probability]"),
    "imageio_ffmpeg": ("films as .mp4", "pip install keras-solvers[fluids]"),
    "ai_edge_litert": ("running LiteRT", "pip install keras-solvers[export]"),
}


def list_everything():
    """List runs, problems, solvers, models, layers and data sets."""
    table = Table("kind", "name", "what it is", show_lines=False)
    table.add_row("run", "sparse-coding", "Sparse codes of photographs by unrolled ISTA.")
    table.add_row("run", "pressure", "Pressure of flows around solids by learned multigrid.")
    table.add_row("run", "pinn", f"Equations, by networks: --case {' | '.join(CASES)}")
    table.add_row("simulate", "plume", f"Smoke, any solver: {' | '.join((*NEURAL, *CLASSIC))}")
    table.add_row("run", "mnist", f"Digit networks: --model {' | '.join(RECIPES)}")
    for kind, module in (
        ("problem", problems),
        ("classic solver", classic),
        ("model", models),
        ("layer", layers),
    ):
        for name in sorted(module.__all__):
            table.add_row(kind, name, _summary(getattr(module, name)))
    for name, image_set in data.IMAGE_SETS.items():
        table.add_row("data", name, image_set.title)
    Console().print(table)


def doctor():
    """Show versions and devices, what is missing, and how to get it."""
    console = Console()
    table = Table("package", "version", title="installed")
    for name, version in environment.versions().items():
        table.add_row(name, version or "[yellow]missing[/]")
    console.print(table)
    console.print(f"backend: {keras.backend.backend()}; devices: {', '.join(_devices())}")
    console.print(f"data folders: {', '.join(map(str, locate.search_folders()))}")
    for module, (purpose, remedy) in EXTRAS.items():
        if not importlib.util.find_spec(module):
            console.print(f"[yellow]missing[/] {module} ({purpose}): {escape(remedy)}")
    for name in ("mnist", "fashion_mnist"):
        if images.locate_images(name) is None:
            console.print(f"[yellow]missing[/] data {name}: keras-solvers data fetch {name}")
    console.print(f"CPU cores: {os.cpu_count()}")


def _summary(thing):
    return (thing.__doc__ or "").strip().splitlines()[0].replace("`", "")


def _devices():
    return keras.distribution.list_devices() or ["cpu"]
