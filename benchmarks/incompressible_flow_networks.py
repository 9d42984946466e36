"""The convolutional networks for the pressure, for `benchmarks.incompressible_flow`."""

import dataclasses
import tempfile
from pathlib import Path

import numpy as np
from keras import ops

from benchmarks.harness import Figure
from keras_solvers import compiled, work_precision
from keras_solvers.applications.incompressible_flow import Plume
from keras_solvers.applications.incompressible_flow.experiment.plume_run import (
    FlowBrokeDownError,
    simulate,
)
from keras_solvers.applications.incompressible_flow.experiment.pressure_networks import (
    FLUID_NET,
    UNET,
    train_network,
)
from keras_solvers.applications.incompressible_flow.experiment.pressure_run import UNSEEN
from keras_solvers.applications.incompressible_flow.experiment.pressure_solvers import named_solver
from keras_solvers.applications.incompressible_flow.experiment.timed_step import TimedStep
from keras_solvers.applications.incompressible_flow.networks.transfer import for_problem
from keras_solvers.classic import ConjugateGradient, DampedJacobi, Multigrid
from keras_solvers.problems import PressureProjection

FAST = {"cells": (16, 16), "num_flows": 24, "epochs": 1}
BRIEF = {"epochs": 2}  # for what is compared with itself


def convolutional(fast, progress):
    """`Figure`s: residuals on three grids, time, and iterations as a preconditioner."""
    sizes = (16, 32) if fast else (64, 128, 256)
    for recipe in (UNET, FLUID_NET):
        network, seconds = _trained(recipe, fast, progress)
        label = f"{recipe.name}, {network.count_params():,} parameters"
        yield Figure(f"{label}: training without labels", (seconds,), unit="s")
        target = 0.06 if recipe is UNET and not fast else None
        for n in sizes:
            residual, smoothed, x, problem, wide = _residuals(network, n)
            yield Figure(f"{label}, {n} x {n}: relative residual", (residual,), target)
            yield Figure(f"{label}, {n} x {n}: and 5 sweeps of Jacobi", (smoothed,))
            target = 2.0 * residual if n == sizes[0] and target else target
            if n == sizes[1]:
                yield from _beside_multigrid(label, problem, wide, x)


def long_term(fast, progress):
    """`Figure`s: what turned flows and the long-term objective do for a network, briefly trained.

    Judged by unseen flows, and by the divergence that it leaves in a plume on its own.
    """
    steps = 2 if fast else 4
    recipe = dataclasses.replace(FLUID_NET, **BRIEF)
    variants = {
        "plain": recipe,
        "turned": dataclasses.replace(recipe, turned=True),
        "long-term": dataclasses.replace(recipe, later_steps=steps),
        # As many objectives as the long-term one, all of first states.
        "plain, twice the epochs": dataclasses.replace(recipe, epochs=2 * recipe.epochs),
    }
    plume, num_steps = (Plume((16, 16)), 4) if fast else (Plume((64, 64)), 128)
    for name, variant in variants.items():
        network, _ = _trained(variant, fast, progress)
        residual = _residuals(network, plume.cells[0])[0]
        yield Figure(f"FluidNet, {name}: relative residual of unseen flows", (residual,))
        alone = named_solver("neural", plume.problem, 1e-3, network)
        label = f"FluidNet, {name}, alone in a plume of {num_steps} steps"
        try:
            run = simulate(f"FluidNet, {name}", TimedStep(plume, alone), plume, num_steps, progress)
        except FlowBrokeDownError as error:
            yield Figure(f"{label}: steps until it broke down", (float(error.num_steps),))
        else:
            left = float(np.mean(run.measures["mean |div u|"]))
            yield Figure(f"{label}: mean |div u|", (left,))


def _trained(recipe, fast, progress):
    if fast:
        recipe = dataclasses.replace(recipe, **FAST)
    with tempfile.TemporaryDirectory() as folder:
        network, history = train_network(recipe, Path(folder) / "checkpoint.npz", progress, 0)
    return network, sum(row["seconds"] for row in history)


def _residuals(network, n):
    problem = PressureProjection((n, n))
    x = ops.convert_to_numpy(problem.sample(16, UNSEEN))
    wide = for_problem(network, problem)
    smoothed = DampedJacobi(problem, 5, initial_guess=wide)
    means = [
        float(np.mean(ops.convert_to_numpy(problem.relative_residual(x, solver(x)))))
        for solver in (wide.predict_on_batch, compiled(smoothed))
    ]
    return *means, x, problem, wide


def _beside_multigrid(label, problem, network, x):
    """Time of a pass over that of a V-cycle, and iterations of deep conjugate directions."""
    cycle = Multigrid(problem, 1, num_smoothings=2)
    families = {"network": {"": compiled(network)}, "cycle": {"": compiled(cycle)}}
    ours, theirs = work_precision(families, x, problem.relative_residual)
    text = f"{label}: time of a pass over that of a V(2,2) cycle"
    yield Figure(text, (ours.seconds / theirs.seconds,))
    for name, solver in ((label, network), ("V(2,2)", cycle)):
        needed = next(
            (k for k in (1, 2, 3, 4, 6, 8, 12, 20, 40) if _directions(problem, solver, x, k)), 99
        )
        text = f"deep conjugate directions to 1e-3, {name}: iterations at most"
        yield Figure(text, (float(needed),))


def _directions(problem, solver, x, k):
    """Whether `k` steps that keep two directions are enough for all samples."""
    steps = ConjugateGradient(problem, k, preconditioner=solver, num_previous=2)
    return np.max(ops.convert_to_numpy(problem.relative_residual(x, steps(x)))) <= 1e-3
