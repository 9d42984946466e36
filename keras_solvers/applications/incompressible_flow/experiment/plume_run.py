"""A plume simulated twice, with two pressure solvers side by side."""

import dataclasses
import statistics
import time

import keras
import numpy as np
from keras import ops

from keras_solvers import environment, files
from keras_solvers.applications.incompressible_flow.experiment import plume_figures
from keras_solvers.applications.incompressible_flow.experiment.pressure_run import (
    PressureRecipe,
    train_pressure,
)
from keras_solvers.applications.incompressible_flow.experiment.pressure_solvers import (
    NEURAL,
    check_name,
    named_solver,
)
from keras_solvers.applications.incompressible_flow.experiment.timed_step import TimedStep
from keras_solvers.applications.incompressible_flow.experiment.video import check_video, write_video
from keras_solvers.applications.incompressible_flow.simulate.measures import (
    kinetic_energy,
    mean_divergence,
    smoke_mass,
)
from keras_solvers.applications.incompressible_flow.simulate.plume import Plume
from keras_solvers.applications.incompressible_flow.simulate.rollout import rollout
from keras_solvers.training.run_folder import RunFolder

MEASURES = {
    "mean |div u|": mean_divergence,
    "kinetic energy": kinetic_energy,
    "smoke mass": smoke_mass,
}


@dataclasses.dataclass(frozen=True)
class PlumeRecipe:
    """What is simulated.

    Attributes:
        plume: The `Plume`.
        num_steps: Number of time steps.
        tolerance: Relative residual of the iterative solvers in each step.
        reference: Name of the solver beside which the other is shown.
    """

    plume: Plume = dataclasses.field(default_factory=Plume)
    num_steps: int = 256
    tolerance: float = 1e-3
    reference: str = "multigrid"


@dataclasses.dataclass(frozen=True)
class Simulated:
    """A simulation that has run.

    Attributes:
        name: Name of the pressure solver.
        smoke: Smoke after each step, `(steps, *cells)`.
        measures: For each of `MEASURES` an array `(steps,)`.
        pressure_seconds: Median time of a pressure solve.
        step_seconds: Median time of a step, the solve included.
        seconds: Time of all steps.
        state: The last state.
    """

    name: str
    smoke: np.ndarray
    measures: dict
    pressure_seconds: float
    step_seconds: float
    seconds: float
    state: dict


class FlowBrokeDownError(ArithmeticError):
    """The pressure stopped being finite, after `num_steps` steps."""

    def __init__(self, solver, num_steps):
        super().__init__(
            f"With the pressure solver {solver!r} the flow broke down after {num_steps} steps: its "
            "pressure is not finite. A certified solver, such as 'hybrid', prevents this."
        )
        self.num_steps = num_steps


def run_plume(path, progress, *, solver, recipe, network, seed=0, video=None, overwrite=False):
    """Simulates the plume with a solver and with the reference, and draws both.

    Args:
        path: The run folder.
        progress: `rich.progress.Progress` to draw on.
        solver: Name of the pressure solver.
        recipe: `PlumeRecipe`.
        network: Path of a saved network, for neural solvers; one is trained if `None`.
        seed: Seed of its training.
        video: Path of a film, `.mp4` or `.gif`; none if `None`.
        overwrite: Whether to delete an earlier run in the folder.

    Returns:
        What is written to `metrics.json`.
    """
    for name in (solver, recipe.reference):
        check_name(name)
    check_video(video)
    settings = {"run": "plume", "solver": solver, "seed": seed, "network": str(network or "")}
    folder = RunFolder(path, {**settings, **dataclasses.asdict(recipe)}, overwrite)
    trained = None
    if {solver, recipe.reference} & set(NEURAL):
        trained = _network(folder, network, progress, seed)
    runs = []
    for name in dict.fromkeys((solver, recipe.reference)):
        chosen = named_solver(name, recipe.plume.problem, recipe.tolerance, trained)
        runs.append(simulate(name, TimedStep(recipe.plume, chosen), recipe, progress))
    for name, figure in plume_figures.draw(recipe, runs).items():
        folder.save_figure(name, figure)
    if video is not None:
        with files.replacing(video) as temporary:
            write_video(temporary, plume_figures.frames(recipe, runs, progress))
    metrics = {**folder.settings, "simulations": [summary(r) for r in runs], **environment.header()}
    folder.finish(metrics)
    return metrics


def simulate(name, step, recipe, progress):
    """The plume rolled out by a `TimedStep`, with a name to show: a `Simulated`."""
    plume = recipe.plume
    state = plume.start()
    step(state)  # compiles
    step.pressure_seconds.clear()
    smoke, measures, seconds = [], {name: [] for name in MEASURES}, []
    steps = progress.track(range(recipe.num_steps), description=f"plume, {name}")
    for _ in steps:
        start = time.perf_counter()
        (state,) = rollout(step, state, 1)
        seconds.append(time.perf_counter() - start)
        if not np.isfinite(state["pressure"]).all():
            raise FlowBrokeDownError(name, len(smoke))
        smoke.append(state["smoke"][0])
        for measure, function in MEASURES.items():
            measures[measure].append(float(ops.convert_to_numpy(function(plume.domain, state))[0]))
    return Simulated(
        name,
        np.stack(smoke),
        {measure: np.asarray(values) for measure, values in measures.items()},
        statistics.median(step.pressure_seconds),
        statistics.median(seconds),
        sum(seconds),
        state,
    )


def summary(run):
    """Times, and each measure at the end and on average."""
    measures = {
        name: {"mean": float(np.mean(values)), "end": float(values[-1])}
        for name, values in run.measures.items()
    }
    return {
        "solver": run.name,
        "pressure_seconds": run.pressure_seconds,
        "step_seconds": run.step_seconds,
        "seconds": run.seconds,
        "measures": measures,
    }


def _network(folder, path, progress, seed):
    if path is not None:
        path = path / "model.keras" if path.is_dir() else path
        if not path.is_file():
            raise FileNotFoundError(
                f"There is no network {path}. Train one with `keras-solvers run pressure` and name "
                "its run folder, or leave `--network` out."
            )
        return keras.saving.load_model(path)
    network, _ = train_pressure(PressureRecipe(), folder.file("checkpoint.npz"), progress, seed)
    folder.save_model(network)
    return network
