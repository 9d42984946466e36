"""One differential equation solved by a network, beside its classic solver."""

import time

import keras
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


def train_chain(name, seed, share, progress, checkpoint=None):
    """Trains the cases that a case starts from, and the case.

    Args:
        name: A key of `CASES`.
        seed: Seed of weights and points.
        share: Of the seconds of each case.
        progress: `rich.progress.Progress` to draw on.
        checkpoint: Function from the name of a case to its checkpoint file; `None`: no files.

    Yields:
        `(case, model, points, history)` of each case, that of `name` at last.
    """
    names, network = [name], None
    while CASES[names[0]].start is not None:
        names.insert(0, CASES[names[0]].start)
    for each in names:
        case, file = CASES[each], checkpoint and checkpoint(each)
        trained = train_case(case, seed, share * case.seconds, progress, file, network)
        network = trained[0].network
        yield case, *trained


def train_case(case, seed, seconds, progress, checkpoint=None, network=None):
    """Trains a `PINN`; one with a checkpoint file goes on where it was killed.

    Args:
        case: The `PinnCase`.
        seed: Seed of weights and points.
        seconds: CPU-seconds.
        progress: `rich.progress.Progress` to draw on.
        checkpoint: File that a killed training goes on from.
        network: A trained network to start from; a new one if `None`.

    Returns:
        The `PINN`, its last points, and the history: a dict with `loss` and `cpu_seconds`, those
        of the compilation included, for each step.
    """
    keras.utils.set_random_seed(seed)
    problem = case.problem()
    model = PINN(case.network("float64") if network is None else network, problem)
    model.compile(LevenbergMarquardt())
    sampler = _Remembered(case, problem, seed)
    saver = None if checkpoint is None else Checkpoint(checkpoint, every=sampler.every)
    first = 0 if saver is None else saver.restore(model)
    history = [] if saver is None else list(saver.history)
    spent = history[-1]["cpu_seconds"] if history else 0.0
    stop = StopAfter(seconds, progress, case.title, spent)
    model.stop_reason = "the time was over"
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

    def __init__(self, case, problem, seed):
        super().__init__(every=case.adaptive or 10, seed=seed)
        self.points = problem.sample(case.num_points, case.num_boundary, seed)

    def __call__(self, model, points, epoch):
        self.points = super().__call__(model, points, epoch)
        return self.points


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
    chain = train_chain(
        case_name, seed, seconds / whole, progress, lambda name: folder.file(f"{name}.npz")
    )
    *_, (_, model, used, history) = chain
    found = ops.convert_to_numpy(model(points))
    error, classic_seconds = classic_error(case)
    metrics = {
        **settings,
        "relative_error": case.error(model),
        "training_cpu_seconds": history[-1]["cpu_seconds"] + seconds * (1.0 - case.seconds / whole),
        "steps": len(history),
        "stop_reason": model.stop_reason,
        "coefficients": {n: float(w) for n, w in model.coefficients.items()},
        "classic": {
            "name": case.classic_name, "relative_error": error, "cpu_seconds": classic_seconds
        },
        **environment.header(),
    }  # fmt: skip
    losses = [step["loss"] for step in history]
    for name, figure in pinn_figures.draw(model, losses, used, points, found, expected).items():
        folder.save_figure(name, figure)
    folder.save_model(model.network)
    folder.finish(metrics)
    return rounded(case, model), metrics
