"""A plume of smoke, simulated with any solver of the pressure beside another one."""

import dataclasses
import statistics
import time

import numpy as np
from keras import ops

from keras_solvers import files
from keras_solvers.applications.application import Result, Table
from keras_solvers.applications.incompressible_flow.experiment.plume_figures import draw, frames
from keras_solvers.applications.incompressible_flow.experiment.pressure_run import (
    CARD,
    train_pressure,
    typical_flows,
)
from keras_solvers.applications.incompressible_flow.experiment.pressure_solvers import (
    NEURAL,
    named_solver,
)
from keras_solvers.applications.incompressible_flow.experiment.timed_step import TimedStep
from keras_solvers.applications.incompressible_flow.experiment.video import check_video, write_video
from keras_solvers.applications.incompressible_flow.pressure import PressureSettings
from keras_solvers.applications.incompressible_flow.simulate.measures import (
    kinetic_energy,
    mean_divergence,
    smoke_mass,
)
from keras_solvers.applications.incompressible_flow.simulate.plume import Plume
from keras_solvers.applications.incompressible_flow.simulate.rollout import rollout
from keras_solvers.saving import load_model

MEASURES = {
    "mean |div u|": mean_divergence,
    "kinetic energy": kinetic_energy,
    "smoke mass": smoke_mass,
}


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


def run(settings, folder, progress):
    """Simulates the plume with a solver and with the reference, and draws both.

    Args:
        settings: `PlumeSettings`.
        folder: `RunFolder` of the checkpoint of a network that is trained.
        progress: `rich.progress.Progress` to draw on.

    Returns:
        `Result`.
    """
    check_video(settings.video)
    plume = Plume(settings.cells)
    trained = _trained(settings, folder, progress)
    runs = []
    for name in dict.fromkeys((settings.solver, settings.reference)):
        solver = named_solver(name, plume.problem, settings.tolerance, trained)
        runs.append(simulate(name, TimedStep(plume, solver), plume, settings.steps, progress))
    if settings.video is not None:
        with files.replacing(settings.video) as temporary:
            write_video(temporary, frames(runs, progress))
    metrics = {"simulations": [summary(r) for r in runs]}
    return Result(
        metrics,
        tables=[_table(metrics["simulations"], settings)],
        figures=draw(plume, runs),
        model=trained,
        card=CARD,
        inputs=None if trained is None else typical_flows(trained, settings.seed),
    )


def simulate(name, step, plume, num_steps, progress):
    """The plume rolled out by a `TimedStep`, with a name to show: a `Simulated`."""
    state = plume.start()
    step(state)  # compiles
    step.pressure_seconds.clear()
    smoke, measures, seconds = [], {name: [] for name in MEASURES}, []
    steps = progress.track(range(num_steps), description=f"plume, {name}")
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


def _trained(settings, folder, progress):
    if not {settings.solver, settings.reference} & set(NEURAL):
        return None
    if settings.network is not None:
        return load_model(settings.network)
    checkpoint = folder.file("checkpoint.npz")
    return train_pressure(PressureSettings(seed=settings.seed), checkpoint, progress)[0]


def _table(runs, settings):
    """Times and measures of each simulation, one a column."""
    rows = [
        (f"{name}, median [ms]", *(f"{1e3 * run[key]:.2f}" for run in runs))
        for name, key in (("pressure", "pressure_seconds"), ("step", "step_seconds"))
    ]
    for name in runs[0]["measures"]:
        for when in ("mean", "end"):
            values = (run["measures"][name][when] for run in runs)
            rows.append((f"{name}, {when}", *(f"{value:.4g}" for value in values)))
    title = f"Plume, {settings.steps} steps, tolerance {settings.tolerance:g}"
    return Table(title, ("", *(run["solver"] for run in runs)), rows)
