"""Stops a training that has become meaningless, and says why."""

import math

import keras
import numpy as np


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


def check_finite(**arrays):
    """Raises `ValueError` for the first array that is empty or holds NaN or infinity."""
    for name, array in arrays.items():
        if len(array) == 0:
            raise ValueError(f"`{name}` must hold at least one sample. Received: an empty array")
        bad = np.count_nonzero(~np.isfinite(array))
        if bad:
            raise ValueError(
                f"`{name}` must be finite. Received: {bad} NaN or infinite of {np.size(array)} "
                "numbers; a network trained on them becomes NaN itself."
            )
