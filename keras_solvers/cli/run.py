"""`keras-solvers run sparse-coding`, `pressure`, `mnist`, `pinn` and `closure`."""

from pathlib import Path

import typer
from rich.console import Console

from keras_solvers.applications.digits.recipes import RECIPES
from keras_solvers.applications.digits.run import run_digits
from keras_solvers.applications.incompressible_flow.experiment.pressure_run import (
    run_pressure,
    typical_flows,
)
from keras_solvers.applications.pde_benchmarks.cases import CASES
from keras_solvers.applications.pde_benchmarks.run import run_pinn
from keras_solvers.applications.sparse_coding.run import run_sparse_coding
from keras_solvers.applications.turbulence_closure.data.turbulent_flows import PAIRED_FLOWS
from keras_solvers.applications.turbulence_closure.experiment.run import run_closure, typical_points
from keras_solvers.applications.turbulence_closure.models.reynolds_stress import reynolds_stress
from keras_solvers.cli.progress import progress_bars
from keras_solvers.cli.tables import (
    closure_table,
    digits_table,
    pinn_table,
    pressure_tables,
    sparse_coding_tables,
)
from keras_solvers.data.images import IMAGE_SETS
from keras_solvers.export.write import FORMATS, check_formats, export

app = typer.Typer(help="Train a neural solver in a run folder and compare it with classic ones.")

OUT = typer.Option(None, help="Run folder; a name under runs/ if left out.")
SEED = typer.Option(0, min=0, help="Seed of data, weights and order.")
OVERWRITE = typer.Option(False, "--overwrite", help="Replace an earlier run in the folder.")
EXPORT = typer.Option(",".join(FORMATS), help="Export formats, comma-separated; '' for none.")


@app.command("sparse-coding")
def sparse_coding(
    out: Path = OUT, seed: int = SEED, overwrite: bool = OVERWRITE, formats: str = EXPORT
):
    """Sparse codes of photographs: a learned ISTA network beside ISTA, FISTA and others."""
    wanted = _formats(formats)
    out = out or Path("runs/sparse-coding")
    with progress_bars() as progress:
        network, metrics = run_sparse_coding(out, progress, seed=seed, overwrite=overwrite)
    card = {
        "input_meaning": "rows of a 10x10 patch of grey values, one after the other",
        "output_meaning": "weights of the atoms",
        "units": "none",
        "normalisation": "mean removed, then scaled to unit norm",
        "metrics": metrics["comparisons"],
    }
    for table in sparse_coding_tables(metrics):
        Console().print(table)
    _finish(network, out, wanted, card)


@app.command("pressure")
def pressure(out: Path = OUT, seed: int = SEED, overwrite: bool = OVERWRITE, formats: str = EXPORT):
    """Pressure projection around solids: learned multigrid beside classic solvers."""
    wanted = _formats(formats)
    out = out or Path("runs/pressure")
    with progress_bars() as progress:
        network, metrics = run_pressure(out, progress, seed=seed, overwrite=overwrite)
    for table in pressure_tables(metrics):
        Console().print(table)
    card = {
        "input_meaning": "divergence of the velocity; 1 in fluid, 0 in solids",
        "output_meaning": "pressure whose gradient is subtracted from the velocity",
        "units": "lengths in cells; time step and density are part of the pressure",
        "normalisation": "none: the answer is linear in the divergence",
        "metrics": metrics["comparisons"],
    }
    _finish(network, out, wanted, card, typical_flows(network, seed))


@app.command("mnist")
def mnist(
    model: str = typer.Option("lenet5", help=" | ".join(RECIPES)),
    data: str = typer.Option("mnist", help=" | ".join(IMAGE_SETS)),
    epochs: int = typer.Option(None, help="Number of epochs; the recipe's if left out."),
    out: Path = OUT,
    seed: int = SEED,
    overwrite: bool = OVERWRITE,
    formats: str = EXPORT,
):
    """Train a digit network: classifier or autoencoder."""
    wanted = _formats(formats)
    out = out or Path(f"runs/{data}-{model}")
    with progress_bars() as progress:
        network, metrics = run_digits(
            out, model, data, progress, seed=seed, epochs=epochs, overwrite=overwrite
        )
    Console().print(digits_table(metrics))
    card = {
        "input_meaning": f"image of {data}",
        "output_meaning": "image" if "code_size" in metrics else "logits of the ten classes",
        "units": "grey values, 0 is background and 1 is ink",
        "normalisation": "bytes divided by 255",
        "metrics": {k: v for k, v in metrics.items() if k.startswith("test_")},
    }
    _finish(network, out, wanted, card)


@app.command("pinn")
def pinn(
    case: str = typer.Option("burgers", help=" | ".join(CASES)),
    seconds: float = typer.Option(
        None, min=1.0, help="CPU-seconds of training; the case's if left out."
    ),
    out: Path = OUT,
    seed: int = SEED,
    overwrite: bool = OVERWRITE,
    formats: str = EXPORT,
):
    """Solve a differential equation by a network of its coordinates, beside a classic solver."""
    wanted = _formats(formats)
    out = out or Path(f"runs/pinn-{case}")
    with progress_bars() as progress:
        solution, metrics = run_pinn(
            out, case, progress, seed=seed, seconds=seconds, overwrite=overwrite
        )
    Console().print(pinn_table(metrics))
    card = {
        "input_meaning": f"coordinates {', '.join(CASES[case].problem().geometry.coordinates)}",
        "output_meaning": f"solution of {CASES[case].title}",
        "units": "those of the equation",
        "normalisation": "none",
        "metrics": {"relative_error": metrics["relative_error"]},
    }
    _finish(solution, out, wanted, card)


@app.command("closure")
def closure(
    leave_out: str = typer.Option("periodic_hills", help=" | ".join(PAIRED_FLOWS)),
    out: Path = OUT,
    seed: int = SEED,
    overwrite: bool = OVERWRITE,
    formats: str = typer.Option("savedmodel,onnx", help="Export formats; '' for none."),
):
    """Reynolds stresses of a flow that was left out, by a network of tensor bases and others."""
    wanted = _formats(formats)
    out = out or Path(f"runs/closure-{leave_out}")
    with progress_bars() as progress:
        network, metrics = run_closure(out, leave_out, progress, seed=seed, overwrite=overwrite)
    Console().print(closure_table(metrics))
    card = {
        "input_meaning": "velocity gradient dU_i/dx_j, k, epsilon; Reynolds number sqrt(k) d / nu "
        "of the distance to the wall, and 1 where it is known, else zeros",
        "output_meaning": "Reynolds stresses <u_i u_j>",
        "units": "any that agree; stresses in those of k",
        "normalisation": "inside: gradients times k / epsilon",
        "metrics": metrics["root_mean_square"],
    }
    _finish(reynolds_stress(network), out, wanted, card, typical_points(seed))


def _formats(text):
    wanted = [name for name in text.split(",") if name]
    check_formats(wanted)
    return wanted


def _finish(network, out, formats, card, inputs=None):
    console = Console()
    if formats:
        export(network, out / "exports", formats, card, inputs)
        console.print(f"exported and compared: {', '.join(formats)}")
    console.print(f"model, metrics, history and pictures: {out}", soft_wrap=True)
