"""One differential equation solved by a network, beside its classic solver."""

import time

from keras_solvers import environment
from keras_solvers.applications.pde_benchmarks import figures
from keras_solvers.applications.pde_benchmarks.case import answers
from keras_solvers.applications.pde_benchmarks.cases import CASES
from keras_solvers.applications.pde_benchmarks.training import train_chain
from keras_solvers.pinn.model import PINN
from keras_solvers.training.run_folder import RunFolder


def rounded(case, model):
    """The solution in float32, as other runtimes want it: a functional model."""
    single = PINN(case.network("float32"), case.problem())
    single.set_weights(model.get_weights())
    return single.solution()


def classic_error(case):
    """`(relative error, CPU-seconds)` of the classic solver; the second of two runs counts."""
    error = case.classic_error()
    start = time.process_time()
    case.classic()
    return error, time.process_time() - start


def _seconds(case):
    return case.seconds + (_seconds(CASES[case.start]) if case.start else 0.0)


def run_pinn(path, case_name, progress, *, seed=0, seconds=None, overwrite=False):
    """Solves a case in a run folder.

    Args:
        path: The run folder.
        case_name: A key of `CASES`.
        progress: `rich.progress.Progress` to draw on.
        seed: Seed of weights and points.
        seconds: CPU-seconds of training; those of the case if `None`.
        overwrite: Whether to delete an earlier run in the folder.

    Returns:
        The solution, a functional model in float32, and what is written to `metrics.json`.

    Raises:
        ValueError: If there is no such case.
    """
    if case_name not in CASES:
        raise ValueError(f"`case` must be one of {', '.join(CASES)}. Received: {case_name!r}")
    case = CASES[case_name]
    whole = _seconds(case)
    seconds = whole if seconds is None else seconds
    settings = {"run": "pinn", "case": case_name, "seed": seed, "cpu_seconds": seconds}
    points, expected = case.reference()
    folder = RunFolder(path, settings, overwrite)
    chain = train_chain(case_name, seed, seconds / whole, progress, folder)
    *_, (_, model, used, history) = chain
    found = answers(model, points)
    error, classic_seconds = classic_error(case)
    metrics = {
        **settings,
        "relative_error": case.error(model),
        "training_cpu_seconds": history[-1]["cpu_seconds"] + seconds * (1.0 - case.seconds / whole),
        "steps": len(history),
        "method": case.method,
        "stop_reason": model.stop_reason,
        "coefficients": {n: float(w) for n, w in model.coefficients.items()},
        "classic": {
            "name": case.classic_name, "relative_error": error, "cpu_seconds": classic_seconds
        },
        **environment.header(),
    }  # fmt: skip
    losses = [step["loss"] for step in history]
    for name, figure in figures.draw(model, losses, used, points, found, expected).items():
        folder.save_figure(name, figure)
    folder.save_model(model.network)
    folder.finish(metrics)
    return rounded(case, model), metrics
