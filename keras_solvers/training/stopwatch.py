"""Wall time of the epochs."""

import time

import keras


class Stopwatch(keras.callbacks.Callback):
    """Adds the wall time since it was made to the logs of the epoch, as `seconds`."""

    def __init__(self):
        super().__init__()
        self.begin = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            logs["seconds"] = time.perf_counter() - self.begin
