"""`python -m benchmarks incompressible_flow`: pressure solvers, learned and classic; simulations.

Networks are trained without labels on 64 x 64 cells around random solids, and judged on others.
`--fast` trains for a moment on few cells, for the tests.
"""

import dataclasses
import statistics
import tempfile
from pathlib import Path

import numpy as np
from keras import ops

from benchmarks import incompressible_flow_simulation
from benchmarks.harness import Figure
from benchmarks.incompressible_flow_float32 import single_precision
from benchmarks.incompressible_flow_networks import convolutional, long_term
from benchmarks.incompressible_flow_plumes import compare_plumes
from keras_solvers import compiled, speedup_at_equal_accuracy, work_precision
from keras_solvers.applications.incompressible_flow import Plume
from keras_solvers.applications.incompressible_flow.experiment.pressure_measure import (
    measure_solvers,
)
from keras_solvers.applications.incompressible_flow.experiment.pressure_run import (
    UNSEEN,
    train_pressure,
)
from keras_solvers.applications.incompressible_flow.networks.transfer import for_problem
from keras_solvers.applications.incompressible_flow.plume import PlumeSettings
from keras_solvers.applications.incompressible_flow.pressure import PressureSettings
from keras_solvers.classic import ConjugateGradient, DampedJacobi, IncompleteCholeskyCG, Multigrid
from keras_solvers.problems import PressureProjection

SWEEPS = PressureSettings(num_smoothings=2), PressureSettings()  # V(2,2) and V(3,3)
FAST = {
    "cells": (16, 16),
    "num_training_flows": 48,
    "epochs": 2,
    "test_cells": (32, 32),
    "num_test_flows": 4,
}
_TRAINED = {}


def trained(settings, seed, fast, progress):
    """`(network, training seconds)`."""
    settings = dataclasses.replace(settings, seed=seed, **(FAST if fast else {}))
    if settings not in _TRAINED:
        with tempfile.TemporaryDirectory() as folder:
            checkpoint = Path(folder) / "checkpoint.npz"
            network, history = train_pressure(settings, checkpoint, progress)
        _TRAINED[settings] = network, sum(row["seconds"] for row in history)
    return _TRAINED[settings]


def mean_residual(problem, solver, x):
    return float(np.mean(ops.convert_to_numpy(problem.relative_residual(x, solver(x)))))


def accuracy(fast, seeds, progress):
    """One pass of the network; then five sweeps of Jacobi; then larger grids, the same weights."""
    sizes = (16, 32) if fast else (64, 128, 256)
    residuals = {}
    for n in sizes:
        problem = PressureProjection((n, n))
        x = ops.convert_to_numpy(problem.sample(16, UNSEEN))
        for seed in seeds:
            network = for_problem(trained(SWEEPS[0], seed, fast, progress)[0], problem)
            smoothed = DampedJacobi(problem, 5, initial_guess=network)
            for name, solver in (("one pass", network), ("and 5 sweeps of Jacobi", smoothed)):
                value = mean_residual(problem, compiled(solver), x)
                residuals.setdefault((n, name), []).append(value)
        for name, solver in (
            ("60 steps of diagonal CG", _diagonal_cg(problem, 60)),
            ("untrained: one V(2,2) cycle", Multigrid(problem, 1, num_smoothings=2)),
        ):
            value = mean_residual(problem, compiled(solver), x)
            yield Figure(f"{n} x {n}, {name}, relative residual", (value,))
    first = sizes[0]
    targets = {"one pass": 0.06, "and 5 sweeps of Jacobi": 0.02}
    for (n, name), values in residuals.items():
        twice = 2.0 * statistics.median(residuals[first, name])
        target = targets[name] if n == first else twice
        yield Figure(f"{n} x {n}, network, {name}, relative residual", tuple(values), target)
    seconds = [trained(SWEEPS[0], seed, fast, progress)[1] for seed in seeds]
    yield Figure("training without labels", tuple(seconds), unit="s")


def _diagonal_cg(problem, num_iterations, tolerance=0.0):
    diagonal = DampedJacobi(problem, 1, damping=1.0)
    return ConjugateGradient(problem, num_iterations, tolerance, preconditioner=diagonal)


def speed(fast, seeds, progress):
    """Time to a residual of 1e-2, where simulations live."""
    settings = dataclasses.replace(SWEEPS[1], **FAST) if fast else SWEEPS[1]
    problem = PressureProjection(settings.test_cells)
    x = ops.convert_to_numpy(problem.sample(settings.num_test_flows, UNSEEN))
    network = for_problem(trained(settings, 0, fast, progress)[0], problem)
    *classic, neural = measure_solvers(settings, problem, network, x, progress)
    yield from _compared(neural, classic, "1e-2")


def _compared(neural, classic, level):
    yield Figure(f"network at {level}: relative residual", (neural.error,), float(level))
    multigrid = [m for m in classic if m.name.startswith("multigrid")]
    cholesky = [m for m in classic if m.name == "IC(0)-PCG"]
    for name, others, target in (("IC(0)-PCG", cholesky, 10.0), ("best multigrid", multigrid, 1.0)):
        faster = speedup_at_equal_accuracy(neural, others)
        label = f"times as fast as {name} at equal residual"
        label += f" ({faster.classic_name})" if name != faster.classic_name else ""
        yield Figure(label, (faster.ratio,), target, "higher")
    for m in [*classic, neural]:
        yield Figure(f"{m.name}, {m.setting}: time of the batch", (1e3 * m.seconds,), unit="ms")
        yield Figure(f"{m.name}, {m.setting}: relative residual", (m.error,))


def certified(fast, seeds, progress):
    """To 1e-6 in float64: conjugate gradients with and without the network."""
    n, batch_size = (16, 4) if fast else (128, 16)
    problem = PressureProjection((n, n))
    flows = ops.convert_to_numpy(problem.sample(batch_size, UNSEEN)).astype("float64")
    x = _compatible(flows)
    network = for_problem(trained(SWEEPS[0], 0, fast, progress)[0], problem)
    solvers = {
        "multigrid CG": ConjugateGradient(
            problem, 100, 1e-6, preconditioner=Multigrid(problem, 1, num_smoothings=2)
        ),
        "network as preconditioner": ConjugateGradient(problem, 100, 1e-6, preconditioner=network),
        "network as preconditioner and guess": ConjugateGradient(
            problem, 100, 1e-6, network, preconditioner=network
        ),
    }
    families = {name: {"1e-6": compiled(solver)} for name, solver in solvers.items()}
    families["IC(0)-PCG"] = {"1e-6": IncompleteCholeskyCG(problem, 1e-6)}
    measured = work_precision(families, x, problem.relative_residual, progress=progress.track)
    without = measured[0]
    for m in measured:
        yield Figure(f"{m.name} to 1e-6: largest residual", (m.max_error,), 1.0001e-6)
        yield Figure(f"{m.name} to 1e-6: time over multigrid CG", (m.seconds / without.seconds,))


def plume(fast, seeds, progress):
    """A plume of 256 steps with each solver, pressure to 1e-3, from the pressure before."""
    cells, num_steps = ((16, 16), 4) if fast else ((128, 128), 256)
    network, _ = trained(SWEEPS[1], 0, fast, progress)
    tolerance = PlumeSettings().tolerance
    rounds = 1 if fast else 3
    yield from compare_plumes(Plume(cells), num_steps, tolerance, network, rounds, progress)


def networks(fast, seeds, progress):
    """Convolutional networks of the same task."""
    yield from convolutional(fast, progress)


def simulated(fast, seeds, progress):
    """What the training of a convolutional network gains from symmetries and from simulation."""
    yield from long_term(fast, progress)


def precision(fast, seeds, progress):
    """Solves in float32 where the pressure has a free constant."""
    yield from single_precision((16,) if fast else (32, 64, 128))


def _compatible(x):
    """Rounding to float32 left a net outflow: its mean is taken out of the fluid."""
    outflow, fluid = x[..., 0], x[..., 1]
    mean = outflow.sum((1, 2), keepdims=True) / fluid.sum((1, 2), keepdims=True)
    return np.stack([fluid * (outflow - mean), fluid], axis=-1)


PARTS = {
    "accuracy": accuracy,
    "speed": speed,
    "certified": certified,
    "plume": plume,
    "networks": networks,
    "long-term": simulated,
    "float32": precision,
    **incompressible_flow_simulation.PARTS,
}
