"""Training of the cases of `run pinn` for some processor time, with pictures."""

import time

import keras
from keras import ops

from keras_solvers.applications.pde_benchmarks import figures
from keras_solvers.applications.pde_benchmarks.cases import CASES
from keras_solvers.pinn.model import PINN
from keras_solvers.pinn.optimizers.levenberg_marquardt import LevenbergMarquardt
from keras_solvers.pinn.sampling.samplers import ResidualAdaptive
from keras_solvers.training.checkpoint import Checkpoint

_MOST_STEPS = 10**6  # the time ends a training
_CHOOSING = 0.95  # share of the time in which points follow the residual


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

    @property
    def share(self):
        """How much of the time is over."""
        return (time.process_time() - self.start) / self.seconds

    def on_epoch_end(self, epoch, logs=None):
        logs["cpu_seconds"] = spent = time.process_time() - self.start
        self.progress.update(
            self.task,
            completed=min(spent, self.seconds),
            description=f"{self.title}, step {epoch + 1}, loss {logs['loss']:.2e}",
        )
        if spent >= self.seconds:
            self.model.stop_training = True


class LivePictures(keras.callbacks.Callback):
    """Draws the solution, its error, the points and the loss while they change.

    Args:
        folder: The `RunFolder`.
        sampler: Whose `points` are shown.
        points: Points of the reference.
        expected: Fields of the reference.
        every: Seconds between two pictures.
    """

    def __init__(self, folder, sampler, points, expected, every=20.0):
        super().__init__()
        self.folder, self.sampler, self.every = folder, sampler, every
        self.points, self.expected = points, expected
        self.losses, self.last = [], time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        self.losses.append(logs["loss"])
        if time.monotonic() - self.last < self.every:
            return
        found = ops.convert_to_numpy(self.model(self.points))
        shown = self.sampler.points, self.points, found, self.expected
        for name, figure in figures.draw(self.model, self.losses, *shown).items():
            self.folder.save_figure(name, figure)
        self.last = time.monotonic()


def train_chain(name, seed, share, progress, folder=None):
    """Trains the cases that a case starts from, and the case.

    Args:
        name: A key of `CASES`.
        seed: Seed of weights and points.
        share: Of the seconds of each case.
        progress: `rich.progress.Progress` to draw on.
        folder: `RunFolder` of checkpoints and pictures; nothing is written if `None`.

    Yields:
        `(case, model, points, history)` of each case, that of `name` at last.
    """
    names, network = [name], None
    while CASES[names[0]].start is not None:
        names.insert(0, CASES[names[0]].start)
    for each in names:
        case = CASES[each]
        trained = train_case(each, seed, share * case.seconds, progress, folder, network)
        network = trained[0].network
        yield case, *trained


def train_case(name, seed, seconds, progress, folder=None, network=None):
    """Trains a `PINN`; in a run folder it goes on where it was killed.

    Args:
        name: A key of `CASES`.
        seed: Seed of weights and points.
        seconds: CPU-seconds.
        progress: `rich.progress.Progress` to draw on.
        folder: `RunFolder` of checkpoints and pictures; nothing is written if `None`.
        network: A trained network to start from; a new one if `None`.

    Returns:
        The `PINN`, its last points, and the history: a dict with `loss` and `cpu_seconds`, those
        of the compilation included, for each step.
    """
    case = CASES[name]
    keras.utils.set_random_seed(seed)
    problem = case.problem()
    model = PINN(case.network("float64") if network is None else network, problem)
    if case.fit is not None:
        return model, *_train_otherwise(case, model, seconds, progress)
    model.compile(LevenbergMarquardt())
    sampler = _Remembered(case, problem, seed)
    first, history, callbacks = 0, [], []
    if folder is not None:
        saver = Checkpoint(folder.file(f"checkpoint-{name}.npz"), every=sampler.every)
        first, history = saver.restore(model), list(saver.history)
        callbacks = [saver, LivePictures(folder, sampler, *case.reference())]
    spent = history[-1]["cpu_seconds"] if history else 0.0
    sampler.stop = stop = StopAfter(seconds, progress, case.title, spent)
    model.stop_reason = "the time was over"
    if spent < seconds:
        rows = model.fit(
            sampler.points,
            _MOST_STEPS,
            [stop, *callbacks],
            verbose=0,
            sampler=sampler if case.adaptive else None,
            initial_epoch=first,
        ).history
        history += [dict(zip(rows, step, strict=True)) for step in zip(*rows.values(), strict=True)]
    return model, sampler.points, history


def _train_otherwise(case, model, seconds, progress):
    stop, history = StopAfter(seconds, progress, case.title), []
    stop.set_model(model)
    model.stop_training = False

    def on_step(step, loss):
        history.append({"loss": loss})
        stop.on_epoch_end(step, history[-1])
        return model.stop_training

    points, converged = case.fit(model.network, on_step)
    model.stop_reason = "it converged" if converged else "the time was over"
    # The fit after the last step counts as well.
    history[-1]["cpu_seconds"] = time.process_time() - stop.start
    return {"residual": points}, history


class _Remembered(ResidualAdaptive):
    """The sampler of a case, and the points that it chose last.

    At the end it keeps them: new points raise the loss, which then needs steps to fall again.
    """

    def __init__(self, case, problem, seed):
        super().__init__(every=case.adaptive or 10, conditions=case.follow_conditions, seed=seed)
        self.points = problem.sample(case.num_points, case.num_boundary, seed)

    def __call__(self, model, points, epoch):
        if self.stop.share < _CHOOSING:
            self.points = super().__call__(model, points, epoch)
        return self.points
