"""Stops a training that has become meaningless, and says why."""

import math

import keras


class DivergedError(ArithmeticError):
    """The loss is not finite; the message names the likely cause."""


class StopWhenDiverged(keras.callbacks.Callback):
    """Raises `DivergedError` after the first epoch whose loss is not finite.

    It comes before `Checkpoint` in the list of callbacks, so that no diverged state is saved.
    """

    def __init__(self):
        super().__init__()
        self.last_finite = None

    def on_epoch_end(self, epoch, logs=None):
        loss = (logs or {}).get("loss", 0.0)
        if math.isfinite(loss):
            self.last_finite = loss
            return
        rate = float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))
        before = "in the first epoch" if self.last_finite is None else f"after {self.last_finite:g}"
        raise DivergedError(
            f"The loss is {loss} {before} (epoch {epoch + 1}). The inputs are finite, so the "
            f"likely cause is the learning rate, now {rate:g}: try a tenth of it, or clip the "
            "gradient with `global_clipnorm`."
        )
