"""Training of the cases of `run pinn` for some processor time."""

import time

import keras

from keras_solvers.applications.pde_benchmarks.callbacks import LivePictures, StopAfter
from keras_solvers.applications.pde_benchmarks.case import OwnTraining
from keras_solvers.applications.pde_benchmarks.cases import case as case_named
from keras_solvers.pinn.model import PINN
from keras_solvers.pinn.sampling.samplers import ResidualAdaptive
from keras_solvers.training import Checkpoint, LevenbergMarquardt

_MOST_STEPS = 10**6  # the time ends a training
_CHOOSING = 0.95  # share of the time in which points follow the residual


def chain(name):
    """Names of the cases that a case starts from, the first one first, and its own."""
    start = case_named(name).training.start
    return [name] if start is None else [*chain(start), name]


def train_chain(name, seed, share, progress, folder=None):
    """Trains the cases that a case starts from, and the case.

    Args:
        name: Of the case.
        seed: Seed of weights and points.
        share: Of the seconds of each case.
        progress: `rich.progress.Progress` to draw on.
        folder: `RunFolder` of checkpoints and pictures; nothing is written if `None`.

    Yields:
        `(case, model, points, history)` of each case, that of `name` at last.
    """
    network = None
    for each in chain(name):
        trained = train_case(each, seed, share, progress, folder, network)
        network = trained[0].network
        yield case_named(each), *trained


def train_case(name, seed, share, progress, folder=None, network=None):
    """Trains a `PINN`; in a run folder it goes on where it was killed.

    Args:
        name: Of the case.
        seed: Seed of weights and points.
        share: Of the CPU-seconds of the case.
        progress: `rich.progress.Progress` to draw on.
        folder: `RunFolder` of checkpoints and pictures; nothing is written if `None`.
        network: A trained network to start from; a new one if `None`.

    Returns:
        The `PINN`, its last points, and the history: a dict with `loss` and `cpu_seconds`, those
        of the compilation included, for each step.
    """
    case = case_named(name)
    seconds = share * case.training.seconds
    keras.utils.set_random_seed(seed)
    model = PINN(case.network("float64") if network is None else network, case.problem())
    if isinstance(case.training, OwnTraining):
        return model, *_train_by_itself(case, model, seconds, progress)
    model.compile(LevenbergMarquardt())
    sampler = _Remembered(case.training, model.problem, seed)
    first, history, callbacks = 0, [], []
    if folder is not None:
        saver = Checkpoint(folder.file(f"checkpoint-{name}.npz"), every=sampler.every)
        first, history = saver.restore(model), list(saver.history)
        callbacks = [saver, LivePictures(folder, sampler, *case.reference())]
    spent = history[-1]["cpu_seconds"] if history else 0.0
    sampler.stop = stop = StopAfter(seconds, progress, case.title, spent)
    model.stop_reason = "time was up"
    if spent < seconds:
        rows = model.fit(
            sampler.points,
            _MOST_STEPS,
            [stop, *callbacks],
            verbose=0,
            sampler=sampler if case.training.adaptive else None,
            initial_epoch=first,
        ).history
        history += [dict(zip(rows, step, strict=True)) for step in zip(*rows.values(), strict=True)]
        model.stop_reason = stop.reason or model.stop_reason
    return model, sampler.points, history


def _train_by_itself(case, model, seconds, progress):
    stop, history = StopAfter(seconds, progress, case.title), []
    stop.set_model(model)
    model.stop_training = False

    def on_step(step, loss):
        history.append({"loss": loss})
        stop.on_epoch_end(step, history[-1])
        return model.stop_training

    points, converged = case.training.fit(model.network, on_step)
    model.stop_reason = "it converged" if converged else "time was up"
    # The fit after the last step counts as well.
    history[-1]["cpu_seconds"] = time.process_time() - stop.start
    return {"residual": points}, history


class _Remembered(ResidualAdaptive):
    """The sampler of a case, and the points that it chose last.

    At the end it keeps them: new points raise the loss, which then needs steps to fall again.
    """

    def __init__(self, training, problem, seed):
        super().__init__(
            every=training.adaptive or 10, conditions=training.follow_conditions, seed=seed
        )
        self.points = problem.sample(training.num_points, training.num_boundary, seed)

    def __call__(self, model, points, epoch):
        if self.stop.share < _CHOOSING:
            self.points = super().__call__(model, points, epoch)
        return self.points
