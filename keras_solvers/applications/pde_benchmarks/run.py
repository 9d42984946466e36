"""One differential equation solved by a network, beside its classic solver."""

import time

from keras_solvers.applications.application import Result, Table
from keras_solvers.applications.pde_benchmarks.case import answers
from keras_solvers.applications.pde_benchmarks.cases import case as case_named
from keras_solvers.applications.pde_benchmarks.figures import draw
from keras_solvers.applications.pde_benchmarks.training import chain, train_chain
from keras_solvers.pinn.model import PINN


def run(settings, folder, progress):
    """Solves a case.

    Args:
        settings: `PinnSettings`.
        folder: `RunFolder` of checkpoints and pictures.
        progress: `rich.progress.Progress` to draw on.

    Returns:
        `Result`; its exported model is the solution in float32.

    Raises:
        DataNotFoundError: If the reference is not on this machine.
    """
    case = case_named(settings.case)
    points, expected = case.reference()
    whole = sum(case_named(name).training.seconds for name in chain(settings.case))
    seconds = whole if settings.seconds is None else settings.seconds
    *before, last = train_chain(settings.case, settings.seed, seconds / whole, progress, folder)
    _, model, used, history = last
    error, classic_seconds = rival_measured(case)
    spent = sum(steps[-1]["cpu_seconds"] for *_, steps in (*before, last))
    metrics = {
        "relative_error": case.error(model),
        "training_cpu_seconds": spent,
        "steps": len(history),
        "method": case.training.method,
        "stop_reason": model.stop_reason,
        "coefficients": {n: float(w) for n, w in model.coefficients.items()},
        "classic": {
            "name": case.rival.name,
            "relative_error": error,
            "cpu_seconds": classic_seconds,
        },
    }
    losses = [step["loss"] for step in history]
    return Result(
        metrics,
        tables=[_table(settings.case, metrics)],
        figures=draw(model, losses, used, points, answers(model, points), expected),
        history=history,
        model=model.network,
        exported=rounded(case, model),
        card={
            "input_meaning": f"coordinates {', '.join(model.coordinates)}",
            "output_meaning": f"solution of {case.title}",
            "units": "those of the equation",
            "normalisation": "none",
            "metrics": {"relative_error": metrics["relative_error"]},
        },
    )


def rounded(case, model):
    """The solution in float32, as other runtimes want it: a functional model."""
    single = PINN(case.network("float32"), case.problem())
    single.set_weights(model.get_weights())
    return single.solution()


def rival_measured(case):
    """`(relative error, CPU-seconds)` of the classic solver; the second of two runs counts."""
    error = case.rival_error(case.rival.solve())
    start = time.process_time()
    case.rival.solve()
    return error, time.process_time() - start


def _table(name, metrics):
    """The network beside the classic solver."""
    classic = metrics["classic"]
    rows = [
        (
            f"network, {metrics['steps']} steps of {metrics['method']}",
            f"{metrics['relative_error']:.2e}",
            f"{metrics['training_cpu_seconds']:.1f}",
        ),
        (classic["name"], f"{classic['relative_error']:.2e}", f"{classic['cpu_seconds']:.3g}"),
    ]
    caption = f"Training ended: {metrics['stop_reason']}."
    return Table(f"run pinn: {name}", ("solver", "relative error", "CPU-seconds"), rows, caption)
