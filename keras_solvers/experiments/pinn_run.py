"""One differential equation solved by a network, beside its classic solver."""

import time

import keras
import numpy as np
from keras import ops

from keras_solvers import environment
from keras_solvers.experiments import pinn_figures
from keras_solvers.experiments.pinn_cases import CASES
from keras_solvers.pinn import PINN
from keras_solvers.training import Checkpoint, LevenbergMarquardt, ResidualAdaptive, RunFolder

_MOST_STEPS = 10**6  # the time ends a training


class StopAfter(keras.callbacks.Callback):
    """Ends a training after some processor time, of all threads, with its share on a bar.

    Args:
        seconds: CPU-seconds, those before a resume included.
        progress: `rich.progress.Progress` to draw on.
        title: What is trained.
        spent: CPU-seconds before a resume.
    """

    def __init__(self, seconds, progress, title, spent=0.0):
        super().__init__()
        self.seconds, self.progress, self.title = seconds, progress, title
        self.start = time.process_time() - spent
        self.task = self.progress.add_task(title, total=seconds)

    def on_epoch_end(self, epoch, logs=None):
        logs["cpu_seconds"] = spent = time.process_time() - self.start
        self.progress.update(
            self.task,
            completed=min(spent, self.seconds),
            description=f"{self.title}, step {epoch + 1}, loss {logs['loss']:.2e}",
        )
        if spent >= self.seconds:
            self.model.stop_training = True


def train_case(case, seed, seconds, progress, checkpoint=None):
    """Trains a `PINN`; one with a checkpoint file goes on where it was killed.

    Returns:
        The `PINN`, its last points, and the history: a dict with `loss` and `cpu_seconds`, those
        of the compilation included, for each step.
    """
    keras.utils.set_random_seed(seed)
    model = PINN(case.network("float64"), case.problem)
    model.compile(LevenbergMarquardt())
    sampler = _Remembered(case, seed)
    saver = None if checkpoint is None else Checkpoint(checkpoint, every=sampler.every)
    first = 0 if saver is None else saver.restore(model)
    history = [] if saver is None else list(saver.history)
    spent = history[-1]["cpu_seconds"] if history else 0.0
    stop = StopAfter(seconds, progress, case.title, spent)
    if spent < seconds:
        rows = model.fit(
            sampler.points,
            _MOST_STEPS,
            [stop, *([] if saver is None else [saver])],
            verbose=0,
            sampler=sampler if case.adaptive else None,
            initial_epoch=first,
        ).history
        history += [dict(zip(rows, step, strict=True)) for step in zip(*rows.values(), strict=True)]
    return model, sampler.points, history


class _Remembered(ResidualAdaptive):
    """The sampler of a case, and the points that it chose last."""

    def __init__(self, case, seed):
        super().__init__(seed=seed)
        self.points = case.problem.sample(case.num_points, case.num_boundary, seed)

    def __call__(self, model, points, epoch):
        self.points = super().__call__(model, points, epoch)
        return self.points


def rounded(case, model):
    """The solution in float32, as other runtimes want it: a functional model."""
    single = PINN(case.network("float32"), case.problem)
    single.set_weights(model.get_weights())
    return single.solution()


def relative_error(found, expected):
    """Relative L2 error of all fields together."""
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


def classic_error(case):
    """`(relative error, CPU-seconds)` of the classic solver; the second of two runs counts."""
    points, expected = case.reference()
    case.classic()
    start = time.process_time()
    solution = case.classic()
    seconds = time.process_time() - start
    return relative_error(solution(points)[:, : expected.shape[1]], expected), seconds


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
    seconds = case.seconds if seconds is None else seconds
    settings = {"run": "pinn", "case": case_name, "seed": seed, "cpu_seconds": seconds}
    points, expected = case.reference()
    folder = RunFolder(path, settings, overwrite)
    model, used, history = train_case(case, seed, seconds, progress, folder.file("checkpoint.npz"))
    found = ops.convert_to_numpy(model(points))
    error, classic_seconds = classic_error(case)
    metrics = {
        **settings,
        "relative_error": relative_error(found, expected),
        "training_cpu_seconds": history[-1]["cpu_seconds"],
        "steps": len(history),
        "stop_reason": model.stop_reason,
        "classic": {
            "name": case.classic_name, "relative_error": error, "cpu_seconds": classic_seconds
        },
        **environment.header(),
    }  # fmt: skip
    losses = [step["loss"] for step in history]
    for name, figure in pinn_figures.draw(case, losses, used, points, found, expected).items():
        folder.save_figure(name, figure)
    folder.save_model(model.network)
    folder.finish(metrics)
    return rounded(case, model), metrics
