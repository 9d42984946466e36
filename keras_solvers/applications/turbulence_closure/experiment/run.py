"""Runner of `closure`: compares closures on a flow that training leaves out."""

import numpy as np
from keras import ops
from rich.progress import Progress

from keras_solvers.applications.application import Result, Table
from keras_solvers.applications.turbulence_closure.application import ClosureSettings
from keras_solvers.applications.turbulence_closure.experiment.baselines import (
    ALGEBRAIC_CLOSURES,
    algebraic_errors,
    fit_baselines,
    rms_error,
)
from keras_solvers.applications.turbulence_closure.experiment.ensemble_closure import (
    EnsembleClosure,
)
from keras_solvers.applications.turbulence_closure.experiment.figures import draw
from keras_solvers.applications.turbulence_closure.experiment.flows import (
    all_flows,
    training_flows,
)
from keras_solvers.applications.turbulence_closure.experiment.training import EPOCHS
from keras_solvers.applications.turbulence_closure.models.reynolds_stress import reynolds_stress
from keras_solvers.applications.turbulence_closure.realizability import is_realizable
from keras_solvers.training import ProgressBar

ENSEMBLE = "tensor-basis ensemble"


def run(settings: ClosureSettings, folder, progress: Progress) -> Result:
    """Trains closures on all flows except one, and evaluates them on that one.

    Args:
        settings: The settings.
        folder: Not used, because the training is short.
        progress: Where progress is shown.

    Raises:
        DataNotFoundError: If the flows are not on this machine.
    """
    training, flow = training_flows(settings.leave_out), all_flows()[settings.leave_out]
    bar = ProgressBar(progress, f"{ENSEMBLE} without {settings.leave_out}", EPOCHS)
    closure = EnsembleClosure.train(training, settings.seed, callbacks=[bar])
    x = flow.inputs()
    baselines = fit_baselines(training, settings.seed)
    predictions = {name: baseline(x) for name, baseline in baselines.items()}
    predictions[ENSEMBLE] = closure(x)
    errors = algebraic_errors(flow) | {
        name: rms_error(b, flow.anisotropy) for name, b in predictions.items()
    }
    _, shrunk = closure.unprojected(x)
    metrics = {
        "root_mean_square": errors,
        "realizable_before_projection": float(np.mean(is_realizable(shrunk))),
        "realizable": float(np.mean(is_realizable(predictions[ENSEMBLE]))),
        "num_points": len(flow),
        "training_flows": [each.name for each in training],
    }
    algebraic = ALGEBRAIC_CLOSURES["explicit algebraic"](flow.tensors)
    drawn = {
        ENSEMBLE: predictions[ENSEMBLE],
        "constant coefficients": predictions["constant coefficients"],
        "explicit algebraic": ops.convert_to_numpy(algebraic),
    }
    return Result(
        metrics,
        tables=[_table(settings.leave_out, metrics)],
        figures=draw(flow, drawn, closure.spread(x)),
        model=closure.closure,
        exported=reynolds_stress(closure.closure),
        card={
            "input_meaning": "velocity gradient dU_i/dx_j, k, epsilon; scalars: the wall-distance "
            "Reynolds number sqrt(k) d / nu and 1 where it is known, else zeros",
            "output_meaning": "Reynolds stresses <u_i u_j>",
            "units": "any consistent units; stresses in those of k",
            "normalisation": "inside: gradients times k / epsilon",
            "metrics": errors,
        },
        inputs=example_inputs(settings.seed),
    )


def _table(leave_out, metrics):
    """Errors of the closures on the left-out flow, the smallest first."""
    errors = sorted(metrics["root_mean_square"].items(), key=lambda row: row[1])
    caption = (
        f"{metrics['num_points']:,} points; {100 * metrics['realizable_before_projection']:.1f} % "
        "of the ensemble's predictions are realizable before the projection."
    )
    return Table(
        f"run closure: {leave_out}",
        ("closure", "root mean square error of the anisotropy"),
        [(name, f"{error:.4f}") for name, error in errors],
        caption,
    )


def example_inputs(seed: int) -> dict[str, np.ndarray]:
    """Inputs of a `reynolds_stress` for the test of an export; half of them without a wall."""
    rng = np.random.default_rng(seed)
    known = np.arange(6)[:, None] % 2
    return {
        "gradient": rng.normal(size=(6, 3, 3)),
        "k": rng.uniform(0.5, 1.5, size=(6, 1)),
        "epsilon": rng.uniform(0.5, 1.5, size=(6, 1)),
        "scalars": np.concatenate([known * rng.uniform(10.0, 500.0, size=(6, 1)), known], axis=1),
    }
