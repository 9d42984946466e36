"""Leave-one-flow-out comparison of closures: a part of `benchmarks.turbulence_closure`."""

import statistics

import numpy as np

from benchmarks.harness import Figure
from keras_solvers.applications.turbulence_closure import RANS_LES_FLOWS, is_realizable
from keras_solvers.applications.turbulence_closure.experiment.baselines import (
    algebraic_errors,
    fit_baselines,
    rms_error,
)
from keras_solvers.applications.turbulence_closure.experiment.ensemble_closure import (
    EnsembleClosure,
)
from keras_solvers.applications.turbulence_closure.experiment.flows import (
    all_flows,
    training_flows,
)
from keras_solvers.applications.turbulence_closure.experiment.training import EPOCHS
from keras_solvers.applications.turbulence_closure.experiment.uncertainty import spread_ratio

_ENSEMBLE = "tensor-basis ensemble"
# The target on each flow is the oracle choice of the best of these baselines per flow. The target
# of the mean is 15 % below the best single baseline.
_BASELINES = ("zero anisotropy", "linear", "quadratic", "constant coefficients")
_ALGEBRAIC = ("zero anisotropy", "linear", "quadratic", "explicit algebraic")
_DUCT_TARGET = 0.09
_TARGETS = {
    "realizable fraction before the projection": (0.99, "higher"),
    "realizable fraction": (1.0, "higher"),
    "ensemble spread, over that on training flows": (1.0, "higher"),
}


def figures(fast, seeds, progress):
    """Each RANS/LES flow is left out once; all others and the channels are training flows."""
    task = progress.add_task("leave one flow out", total=len(RANS_LES_FLOWS) * len(seeds))
    table = {}
    for name in RANS_LES_FLOWS:
        runs = [_left_out(name, seed, fast, progress, task) for seed in seeds]
        errors = {key: tuple(run[0][key] for run in runs) for key in runs[0][0]}
        table[name] = errors
        oracle = min(statistics.median(errors[key]) for key in _BASELINES)
        target = min(oracle, _DUCT_TARGET) if name == "square_duct" else oracle
        for key, values in errors.items():
            title = f"{name} left out: {key}, root mean square error of b"
            yield Figure(title, values, target if key == _ENSEMBLE else None)
        for key in runs[0][1]:
            values = tuple(run[1][key] for run in runs)
            yield Figure(f"{name} left out: {key}", values, *_TARGETS.get(key, (None, "higher")))
    yield from _means(table)


def _left_out(name, seed, fast, progress, task):
    """Errors of all closures, and further metrics of the ensemble."""
    flow, training = all_flows()[name], training_flows(name)
    closure = EnsembleClosure.train(training, seed, 1 if fast else EPOCHS)
    x = flow.inputs()
    predictions = {key: each(x) for key, each in fit_baselines(training, seed).items()}
    plain, shrunk = closure.unprojected(x)
    predictions[f"{_ENSEMBLE}, plain mean"] = plain
    predictions[_ENSEMBLE] = predicted = closure(x)
    errors = algebraic_errors(flow) | {
        key: rms_error(b, flow.anisotropy) for key, b in predictions.items()
    }
    error = np.linalg.norm(plain - flow.anisotropy, axis=(1, 2))
    within = np.mean(error < 2.0 * closure.spread(x))
    metrics = {
        "realizable fraction before the projection": float(np.mean(is_realizable(shrunk))),
        "realizable fraction": float(np.mean(is_realizable(predicted))),
        "ensemble spread, over that on training flows": spread_ratio(closure, name),
        "fraction of errors within twice the ensemble spread": float(within),
    }
    if name == "square_duct":
        metrics |= _normal_stresses(flow, predicted)
    progress.advance(task)
    return errors, metrics


def _normal_stresses(flow, predicted):
    """`b_22 - b_33`, which drives the secondary flow and is zero in all linear closures."""
    resolved, difference = (b[:, 1, 1] - b[:, 2, 2] for b in (flow.anisotropy, predicted))
    return {
        "b_22 - b_33, fraction with the correct sign": float(np.mean(resolved * difference > 0.0)),
        "b_22 - b_33, standard deviation over the resolved one": float(
            np.std(difference) / np.std(resolved)
        ),
    }


def _means(table):
    """Means over the flows, and the ratio of the ensemble to the best single baseline."""
    keys = next(iter(table.values())).keys()
    means = {key: np.mean([errors[key] for errors in table.values()], axis=0) for key in keys}
    for key, values in means.items():
        yield Figure(f"mean over flows left out: {key}", tuple(values))
    without_network = [key for key in keys if not key.startswith(_ENSEMBLE)]
    groups = {"algebraic closure": _ALGEBRAIC, "closure without a network": without_network}
    for group, names in groups.items():
        best = min((np.median(means[name]), name) for name in names)[1]
        ratio = means[_ENSEMBLE] / means[best]
        title = f"mean over flows left out: {_ENSEMBLE} over the best {group}, {best}"
        yield Figure(title, tuple(ratio), 0.85)
