"""The same plume with every pressure solver, for `benchmarks.incompressible_flow`."""

import statistics

import numpy as np

from benchmarks.harness import Figure
from keras_solvers import compiled
from keras_solvers.applications.incompressible_flow import previous_pressure
from keras_solvers.applications.incompressible_flow.experiment.plume_run import simulate
from keras_solvers.applications.incompressible_flow.experiment.pressure_solvers import (
    MOST,
    named_solver,
)
from keras_solvers.applications.incompressible_flow.experiment.timed_step import TimedStep
from keras_solvers.classic import ConjugateGradient, Multigrid


def compare_plumes(plume, num_steps, tolerance, network, num_rounds, progress):
    """`Figure`s of wall time, divergence, energy and smoke, the hybrid beside all others.

    The solvers take turns, and each figure is a median over the rounds, so that what slows the
    machine for a while slows all of them.
    """
    solvers = _solvers(plume.problem, tolerance, network)
    steps = {name: TimedStep(plume, solver) for name, solver in solvers.items()}
    rounds = [
        {name: simulate(name, step, plume, num_steps, progress) for name, step in steps.items()}
        for _ in range(num_rounds)
    ]
    seconds = {name: statistics.median(r[name].seconds for r in rounds) for name in solvers}
    pressure = {
        name: statistics.median(r[name].pressure_seconds for r in rounds) for name in solvers
    }
    runs = rounds[0]
    measures = {name: {m: np.mean(v) for m, v in runs[name].measures.items()} for name in runs}
    best = min(set(seconds) - {"hybrid", "neural"}, key=seconds.get)
    length = f"{num_steps} steps"
    label = (
        f"plume, {length}: wall time of the hybrid over that of the best classic solver ({best})"
    )
    yield Figure(label, (seconds["hybrid"] / seconds[best],), 1.0)
    quickest = min(set(pressure) - {"hybrid", "neural"}, key=pressure.get)
    label = f"plume, pressure alone: time of the hybrid over that of the best ({quickest})"
    yield Figure(label, (pressure["hybrid"] / pressure[quickest],))
    classic = measures[best]
    for name in ("hybrid", "neural"):
        for measure in ("kinetic energy", "smoke mass"):
            away = abs(measures[name][measure] / classic[measure] - 1.0)
            target = 0.01 if name == "hybrid" else None
            yield Figure(f"plume, {name}: mean {measure}, away from {best}", (away,), target)
    for name in solvers:
        yield Figure(f"plume, {name}: {length}", (seconds[name],), unit="s")
        yield Figure(f"plume, {name}: pressure of a step", (1e3 * pressure[name],), unit="ms")
        yield Figure(f"plume, {name}: mean |div u|", (measures[name]["mean |div u|"],))


def _solvers(problem, tolerance, network):
    solvers = {
        name: named_solver(name, problem, tolerance, network)
        for name in (
            "hybrid",
            "neural",
            "multigrid-cg",
            "ic0-cg",
            "algebraic-multigrid",
            "diagonal-cg",
        )
    }
    start = {"initial_guess": previous_pressure}
    for sweeps in (1, 2, 3):
        for relaxation in (1.0, 1.15):
            cycles = Multigrid(
                problem, MOST, tolerance, num_smoothings=sweeps, relaxation=relaxation, **start
            )
            solvers[f"multigrid V({sweeps},{sweeps}), relaxation {relaxation}"] = compiled(cycles)
    cycle = Multigrid(problem, 1, num_smoothings=2)
    wide = ConjugateGradient(problem, MOST, tolerance, preconditioner=cycle, **start)
    return {**solvers, "multigrid-cg V(2,2)": compiled(wide)}
