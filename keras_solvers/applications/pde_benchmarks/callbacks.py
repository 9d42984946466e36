"""Callbacks of the cases of `run pinn`: processor time, and pictures of what changes."""

import time

import keras
from keras import ops

from keras_solvers.applications.pde_benchmarks.figures import draw


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
        self.reason = None

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
            self.reason = "time was up"


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
        for name, figure in draw(self.model, self.losses, *shown).items():
            self.folder.save_figure(name, figure)
        self.last = time.monotonic()
