"""`keras-solvers simulate plume`."""

from pathlib import Path

import typer
from rich.console import Console

from keras_solvers.applications.incompressible_flow.experiment.plume_run import (
    PlumeRecipe,
    run_plume,
)
from keras_solvers.applications.incompressible_flow.experiment.pressure_solvers import (
    CLASSIC,
    NEURAL,
)
from keras_solvers.applications.incompressible_flow.simulate.plume import Plume
from keras_solvers.cli.progress import progress_bars
from keras_solvers.cli.tables import plume_table

app = typer.Typer(help="Simulate a flow with any pressure solver, beside another one.")


@app.callback()
def simulate():
    """Simulate a flow with any pressure solver, beside another one."""


@app.command("plume")
def plume(
    solver: str = typer.Option("hybrid", help=" | ".join((*NEURAL, *CLASSIC))),
    reference: str = typer.Option("multigrid", help="Solver to show beside it."),
    video: Path = typer.Option(None, help="Film to write, .mp4 or .gif."),
    cells: str = typer.Option("128x128", help="Cells: 128x192, or 64x64x96."),
    steps: int = typer.Option(256, min=1, help="Number of time steps."),
    tolerance: float = typer.Option(1e-3, help="Relative residual of each pressure solve."),
    network: Path = typer.Option(
        None, help="Trained network or run folder; one is trained, in a minute, if left out."
    ),
    out: Path = typer.Option(None, help="Run folder; runs/plume-SOLVER if left out."),
    seed: int = typer.Option(0, min=0, help="Seed of the network's training."),
    overwrite: bool = typer.Option(False, "--overwrite", help="Replace an earlier run."),
):
    """A plume of smoke around a solid."""
    recipe = PlumeRecipe(Plume(cell_numbers(cells)), steps, tolerance, reference)
    out = out or Path(f"runs/plume-{solver}")
    with progress_bars() as progress:
        metrics = run_plume(
            out,
            progress,
            solver=solver,
            recipe=recipe,
            network=network,
            seed=seed,
            video=video,
            overwrite=overwrite,
        )
    Console().print(plume_table(metrics))
    if video is not None:
        Console().print(f"film: {video}", soft_wrap=True)
    Console().print(f"metrics and pictures: {out}", soft_wrap=True)


def cell_numbers(text):
    """The numbers of `128x128`."""
    try:
        return tuple(int(number) for number in text.split("x"))
    except ValueError:
        raise ValueError(f"`--cells` must look like 128x128. Received: {text}") from None
