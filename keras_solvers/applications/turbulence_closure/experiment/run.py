"""One flow left out: closures beside each other, for `run closure`."""

import numpy as np
from keras import ops

from keras_solvers import environment
from keras_solvers.applications.turbulence_closure.experiment import figures
from keras_solvers.applications.turbulence_closure.experiment.comparison import (
    FORMULAS,
    fitted,
    formula_errors,
    left_out,
    rms,
)
from keras_solvers.applications.turbulence_closure.experiment.flows import all_flows, others
from keras_solvers.applications.turbulence_closure.experiment.training import EPOCHS
from keras_solvers.applications.turbulence_closure.realizability import is_realizable
from keras_solvers.training.progress import ProgressBar
from keras_solvers.training.run_folder import RunFolder


def run_closure(path, leave_out, progress, *, seed=0, overwrite=False):
    """Trains closures on all flows but one, and asks them about that one.

    Args:
        path: The run folder.
        leave_out: Name of the flow.
        progress: `rich.progress.Progress` to draw on.
        seed: Seed of points, weights and draws.
        overwrite: Whether to delete an earlier run in the folder.

    Returns:
        The closure, a Keras model, and what is written to `metrics.json`.

    Raises:
        ValueError: If there is no such flow.
        DataNotFoundError: If the flows are not on this machine.
    """
    training = others(leave_out)
    flow = all_flows()[leave_out]
    folder = RunFolder(path, {"run": "closure", "leave_out": leave_out, "seed": seed}, overwrite)
    bar = ProgressBar(progress, f"committee without {leave_out}", EPOCHS)
    closure = left_out(leave_out, seed, callbacks=[bar])
    x = flow.inputs()
    answers = {name: each(x) for name, each in fitted(training, seed).items()}
    answers["committee"] = closure(x)
    errors = formula_errors(flow) | {n: rms(b, flow.anisotropy) for n, b in answers.items()}
    metrics = {
        **folder.settings,
        "root_mean_square": errors,
        "realizable_before": float(np.mean(is_realizable(closure.before(x)[1]))),
        "realizable": float(np.mean(is_realizable(answers["committee"]))),
        "num_points": len(flow),
        "trained_on": [each.name for each in training],
        **environment.header(),
    }
    shown = {"committee": answers["committee"]}
    shown["constants"] = answers["constant coefficients"]
    formula = FORMULAS["explicit algebraic"](flow.tensors)
    shown["explicit algebraic"] = ops.convert_to_numpy(formula)
    for name, figure in figures.draw(flow, shown, closure.doubt(x)).items():
        folder.save_figure(name, figure)
    folder.save_model(closure.closure)
    folder.finish(metrics)
    return closure.closure, metrics


def typical_points(seed):
    """Inputs of a `reynolds_stress` by which an export is compared: half of them without a wall."""
    rng = np.random.default_rng(seed)
    known = np.arange(6)[:, None] % 2
    return {
        "gradient": rng.normal(size=(6, 3, 3)),
        "k": rng.uniform(0.5, 1.5, size=(6, 1)),
        "epsilon": rng.uniform(0.5, 1.5, size=(6, 1)),
        "scalars": np.concatenate([known * rng.uniform(10.0, 500.0, size=(6, 1)), known], axis=1),
    }
