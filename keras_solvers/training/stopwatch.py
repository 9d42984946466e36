"""Wall time of the epochs."""

import time

import keras


class Stopwatch(keras.callbacks.Callback):
    """Adds the wall time of each epoch, validation included, to its logs as `seconds`."""

    def on_epoch_begin(self, epoch, logs=None):
        self.begin = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            logs["seconds"] = time.perf_counter() - self.begin
