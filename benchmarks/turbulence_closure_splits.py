"""Closures on other splits of data: parts of `benchmarks.turbulence_closure`.

Random points of the training flows, hills of another slope, and a channel at a higher Reynolds
number are held out.
"""

import numpy as np

from benchmarks.harness import Figure
from keras_solvers.applications.turbulence_closure import RANS_LES_FLOWS
from keras_solvers.applications.turbulence_closure.data.hills import SLOPES
from keras_solvers.applications.turbulence_closure.experiment.baselines import (
    algebraic_errors,
    fit_baselines,
    rms_error,
)
from keras_solvers.applications.turbulence_closure.experiment.ensemble_closure import (
    EnsembleClosure,
)
from keras_solvers.applications.turbulence_closure.experiment.flows import all_flows, hill_flow
from keras_solvers.applications.turbulence_closure.experiment.plain_networks import (
    random_orthogonal,
    rotate,
    train_plain_networks,
)

_ENSEMBLE = "tensor-basis ensemble"


def random_points(fast, seeds, progress):
    """A random fifth of the points of all flows is held out, as in most publications."""
    errors = {}
    for seed in seeds:
        training, held_out = zip(*(_split(all_flows()[name], seed) for name in RANS_LES_FLOWS))
        epochs = 1 if fast else 60
        closures = fit_baselines(training, seed)
        closures[_ENSEMBLE] = EnsembleClosure.train(training, seed, epochs)
        closures |= train_plain_networks(training, seed, epochs)
        axes = random_orthogonal(1, seed)[0]
        for name, closure in closures.items():
            errors.setdefault(name, []).append(_pooled_error(closure, held_out, np.eye(3)))
            rotated = _pooled_error(closure, held_out, axes)
            errors.setdefault(f"{name}, rotated axes", []).append(rotated)
    for name, values in errors.items():
        title = f"random points held out: {name}, root mean square error of b"
        yield Figure(title, tuple(values))


def _split(flow, seed):
    order = np.random.default_rng(seed).permutation(len(flow))
    cut = len(flow) * 4 // 5
    return flow.take(order[:cut]), flow.take(order[cut:])


def _pooled_error(closure, flows, axes):
    """Root mean square error over the points of all flows, in rotated axes."""
    inputs = [flow.inputs() for flow in flows]
    inputs = [x | {"tensors": rotate(x["tensors"], axes).astype("float32")} for x in inputs]
    predictions = [closure(x) for x in inputs]
    targets = [rotate(flow.anisotropy, axes) for flow in flows]
    return rms_error(np.concatenate(predictions), np.concatenate(targets))


def hill_slopes(fast, seeds, progress):
    """Direct simulations of hills: each slope is held out, the other three are training flows."""
    flows = {slope: hill_flow(slope) for slope in SLOPES}
    for slope, flow in flows.items():
        training = [other for other in flows.values() if other is not flow]
        runs = [_errors(training, flow, seed, 1 if fast else 60) for seed in seeds]
        for name in runs[0]:
            values = tuple(run[name] for run in runs)
            yield Figure(f"hills of slope factor {slope} left out: {name}", values)


def channel_reynolds(fast, seeds, progress):
    """The channel at `Re_tau` 5200 is held out; channels up to 2000 are training flows."""
    channels = {n: f for n, f in all_flows().items() if n.startswith("channel")}
    test = channels.pop("channel_lee_moser_5200")
    training = list(channels.values())
    runs = [_errors(training, test, seed, 1 if fast else 200) for seed in seeds]
    for name in runs[0]:
        yield Figure(f"channel at 5200 left out: {name}", tuple(run[name] for run in runs))


def _errors(training, flow, seed, epochs):
    """Root mean square errors of all closures on a flow that is not a training flow."""
    closures = fit_baselines(training, seed)
    closures[_ENSEMBLE] = EnsembleClosure.train(training, seed, epochs)
    x = flow.inputs()
    errors = {name: rms_error(each(x), flow.anisotropy) for name, each in closures.items()}
    return algebraic_errors(flow) | errors


PARTS = {
    "random-points": random_points,
    "hill-slopes": hill_slopes,
    "channel-reynolds": channel_reynolds,
}
