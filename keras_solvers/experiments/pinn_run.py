"""One differential equation solved by a network, beside its classic solver."""

import time

import keras
import numpy as np
from keras import ops

from keras_solvers import environment
from keras_solvers.experiments import pinn_figures
from keras_solvers.experiments.pinn_cases import CASES
from keras_solvers.pinn import PINN
from keras_solvers.training import LevenbergMarquardt, ResidualAdaptive, RunFolder


class StopAfter(keras.callbacks.Callback):
    """Ends a training after some processor time, of all threads, with its share on a bar.

    Args:
        seconds: CPU-seconds.
        progress: `rich.progress.Progress` to draw on.
        title: What is trained.
    """

    def __init__(self, seconds, progress, title):
        super().__init__()
        self.seconds, self.progress, self.title = seconds, progress, title
        self.spent = 0.0

    def on_train_begin(self, logs=None):
        if not hasattr(self, "start"):
            self.start = time.process_time()
            self.task = self.progress.add_task(self.title, total=self.seconds)

    def on_epoch_end(self, epoch, logs=None):
        self.spent = time.process_time() - self.start
        self.progress.update(
            self.task,
            completed=min(self.spent, self.seconds),
            description=f"{self.title}, step {epoch + 1}, loss {logs['loss']:.2e}",
        )
        if self.spent >= self.seconds:
            self.model.stop_training = True


def train_case(case, seed, seconds, progress):
    """`(PINN, loss of each step, points at the end, CPU-seconds)`, compilation included."""
    keras.utils.set_random_seed(seed)
    start = time.process_time()
    model = PINN(case.network("float64"), case.problem)
    model.compile(LevenbergMarquardt())
    points = case.problem.sample(case.num_points, seed=seed)
    seen = {"points": points}
    sampler = None
    if case.adaptive:
        adaptive = ResidualAdaptive(seed=seed)

        def sampler(model, points):
            seen["points"] = adaptive(model, points)
            return seen["points"]

        sampler.every = adaptive.every
    stop = StopAfter(seconds, progress, case.title)
    history = model.fit(points, 1_000_000, [stop], verbose=0, sampler=sampler)
    return model, history.history["loss"], seen["points"], time.process_time() - start


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
    model, losses, used, spent = train_case(case, seed, seconds, progress)
    found = ops.convert_to_numpy(model(points))
    error, classic_seconds = classic_error(case)
    metrics = {
        **settings,
        "relative_error": relative_error(found, expected),
        "training_cpu_seconds": spent,
        "steps": len(losses),
        "stop_reason": model.stop_reason,
        "classic": {
            "name": case.classic_name, "relative_error": error, "cpu_seconds": classic_seconds
        },
        **environment.header(),
    }  # fmt: skip
    for name, figure in pinn_figures.draw(case, losses, used, points, found, expected).items():
        folder.save_figure(name, figure)
    folder.save_model(model.network)
    folder.finish(metrics)
    return rounded(case, model), metrics
