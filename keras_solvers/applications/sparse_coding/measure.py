"""Time and error of all solvers of one sparse coding problem, side by side."""

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


def measure_solvers(settings, problem, network, x, reference, progress):
    """Measures all solvers, with times of one input and of the whole batch.

    The error is the objective gap `E(y) - E*` as a share of the mean optimum `E*`; the squared
    distance to the converged code stands beside it.

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
    optimum = objective(problem, x, reference)
    code_size = np.mean(np.sum(np.square(reference), axis=1))
    measured = work_precision(
        families(settings, problem, network),
        x,
        lambda x, y: (objective(problem, x, y) - optimum) / np.mean(optimum),
        batch_sizes=(1, len(x)),
        repeats=settings.repeats,
        extra_metrics={
            CODE_ERROR: lambda _, y: np.sum(np.square(y - reference), axis=1) / code_size
        },
        progress=lambda turns: progress.track(turns, description="timing all solvers"),
    )
    half = len(measured) // 2
    return measured[:half], measured[half:]


def objective(problem, x, y):
    """`E` in float64, by NumPy, whatever the backend's default precision."""
    x, y = np.asarray(x, dtype="float64"), np.asarray(y, dtype="float64")
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
