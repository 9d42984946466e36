"""Time and error of all solvers of one sparse coding problem, side by side."""

import dataclasses
import math

import numpy as np

from keras_solvers.applications.sparse_coding.coordinate_descent import CoordinateDescent
from keras_solvers.applications.sparse_coding.fista import FISTA
from keras_solvers.applications.sparse_coding.ista import ISTA
from keras_solvers.comparison import break_even, speedup_at_equal_accuracy, work_precision
from keras_solvers.solver import compiled

NEURAL = "LISTA"
CERTIFIED = f"FISTA from {NEURAL}"
CODE_ERROR = "code error"


def families(settings, problem, network):
    """`{name: {setting: solver}}` of all solvers on the diagram."""
    return {
        # The longest run of ISTA would take seconds to show that FISTA was there long before.
        "ISTA": {k: compiled(ISTA(problem, k)) for k in settings.iterations[:-1]},
        "FISTA": {k: compiled(FISTA(problem, k)) for k in settings.iterations},
        "coordinate descent": {
            k: CoordinateDescent(problem, k, num_threads=2) for k in settings.sweeps
        },
        NEURAL: {f"{settings.num_layers} layers": compiled(network)},
        CERTIFIED: {
            k: compiled(FISTA(problem, k, initial_guess=network))
            for k in settings.certified_iterations
        },
    }


def measure_batches(settings, problem, network, x, reference, progress):
    """Measures all solvers on one input and on the whole batch.

    The error is the objective gap `E(y) - E*` as a share of the mean optimum `E*`; the squared
    distance to the converged code stands beside it. Both are those of the whole batch, since a
    solver treats each of its inputs alike and a single patch may be an easy one.

    Args:
        settings: `SparseCodingSettings`.
        problem: `SparseCoding`.
        network: The trained network.
        x: `(batch, signal_dim)`.
        reference: Converged codes of `x`.
        progress: `rich.progress.Progress`.

    Returns:
        Two lists of `Measurement`: one input, whole batch.
    """
    solvers = families(settings, problem, network)
    x64 = x.astype("float64")
    optimum = objective(problem, x64, reference)
    code_size = np.mean(np.sum(np.square(reference), axis=1))

    def gap(y):
        return (objective(problem, x64, y) - optimum) / np.mean(optimum)

    def code_error(y):
        return np.sum(np.square(y - reference), axis=1) / code_size

    many = work_precision(
        solvers,
        x,
        gap,
        settings.repeats,
        others={CODE_ERROR: code_error},
        progress=lambda loop: progress.track(loop, description=f"timing batch {len(x)}"),
    )
    single = work_precision(
        solvers,
        x[:1],
        lambda y: np.zeros(1),
        10 * settings.repeats,
        progress=lambda loop: progress.track(loop, description="timing batch 1"),
    )
    one = [
        dataclasses.replace(m, batch_size=1, seconds=s.seconds, fastest=s.fastest)
        for m, s in zip(many, single)
    ]
    return one, many


def objective(problem, x, y):
    """`E` in float64, by NumPy, whatever the backend's default precision."""
    y = np.asarray(y, dtype="float64")
    misfit = np.sum(np.square(x - y @ problem.dictionary.T), axis=1)
    return 0.5 * misfit + problem.penalty * np.sum(np.abs(y), axis=1)


def compare(measurements, training_seconds):
    """The quotable comparison of the network with the classic solvers on one batch size."""
    neural = next(m for m in measurements if m.name == NEURAL)
    classic = [m for m in measurements if m.name not in (NEURAL, CERTIFIED)]
    speedup = speedup_at_equal_accuracy(neural, classic)
    reached = math.isfinite(speedup.ratio)  # JSON has no infinity
    solves = break_even(neural, classic, training_seconds)
    return {
        "batch_size": neural.batch_size,
        "gap": neural.error,
        "neural_seconds": neural.seconds,
        "best_classic": speedup.classic_name,
        "classic_seconds": speedup.classic_seconds if reached else None,
        "speedup_at_equal_accuracy": speedup.ratio if reached else None,
        "break_even_solves": solves if math.isfinite(solves) else None,
    }
