"""One flow left out: closures beside each other."""

import numpy as np
from keras import ops

from keras_solvers.applications.application import Result, Table
from keras_solvers.applications.turbulence_closure.experiment.comparison import (
    FORMULAS,
    fitted,
    formula_errors,
    left_out,
    rms,
)
from keras_solvers.applications.turbulence_closure.experiment.figures import draw
from keras_solvers.applications.turbulence_closure.experiment.flows import all_flows, others
from keras_solvers.applications.turbulence_closure.experiment.training import EPOCHS
from keras_solvers.applications.turbulence_closure.models.reynolds_stress import reynolds_stress
from keras_solvers.applications.turbulence_closure.realizability import is_realizable
from keras_solvers.training import ProgressBar


def run(settings, folder, progress):
    """Trains closures on all flows but one, and asks them about that one.

    Args:
        settings: `ClosureSettings`.
        folder: Not used: the training is short.
        progress: `rich.progress.Progress` to draw on.

    Returns:
        `Result`.

    Raises:
        DataNotFoundError: If the flows are not on this machine.
    """
    training = others(settings.leave_out)
    flow = all_flows()[settings.leave_out]
    bar = ProgressBar(progress, f"committee without {settings.leave_out}", EPOCHS)
    closure = left_out(settings.leave_out, settings.seed, callbacks=[bar])
    x = flow.inputs()
    answers = {name: each(x) for name, each in fitted(training, settings.seed).items()}
    answers["committee"] = closure(x)
    errors = formula_errors(flow) | {n: rms(b, flow.anisotropy) for n, b in answers.items()}
    metrics = {
        "root_mean_square": errors,
        "realizable_before": float(np.mean(is_realizable(closure.before(x)[1]))),
        "realizable": float(np.mean(is_realizable(answers["committee"]))),
        "num_points": len(flow),
        "trained_on": [each.name for each in training],
    }
    formula = FORMULAS["explicit algebraic"](flow.tensors)
    shown = {
        "committee": answers["committee"],
        "constants": answers["constant coefficients"],
        "explicit algebraic": ops.convert_to_numpy(formula),
    }
    return Result(
        metrics,
        tables=[_table(settings.leave_out, metrics)],
        figures=draw(flow, shown, closure.doubt(x)),
        model=closure.closure,
        exported=reynolds_stress(closure.closure),
        card={
            "input_meaning": "velocity gradient dU_i/dx_j, k, epsilon; Reynolds number "
            "sqrt(k) d / nu of the distance to the wall, and 1 where it is known, else zeros",
            "output_meaning": "Reynolds stresses <u_i u_j>",
            "units": "any that agree; stresses in those of k",
            "normalisation": "inside: gradients times k / epsilon",
            "metrics": errors,
        },
        inputs=typical_points(settings.seed),
    )


def _table(leave_out, metrics):
    """Closures of the Reynolds stresses on the flow that was left out, the best first."""
    errors = sorted(metrics["root_mean_square"].items(), key=lambda row: row[1])
    caption = (
        f"{metrics['num_points']:,} points; realizable before it is enforced: "
        f"{100 * metrics['realizable_before']:.1f} %."
    )
    return Table(
        f"run closure: {leave_out}",
        ("closure", "root mean square error of the anisotropy"),
        [(name, f"{error:.4f}") for name, error in errors],
        caption,
    )


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
