"""One training of one model, which survives a kill."""

import numpy as np
from keras import ops

from keras_solvers.numerics.checks import check_finite
from keras_solvers.training.checkpoint import Checkpoint
from keras_solvers.training.divergence import StopWhenDiverged
from keras_solvers.training.stopwatch import Stopwatch


def train(model, x, y, *, epochs, batch_size, seed, checkpoint, callbacks=(), validation_data=None):
    """Fits a compiled model; resumes from its checkpoint, with the same final result.

    The order of the samples in an epoch is a function of the seed and the epoch, so a resumed
    training sees what it would have seen. Each epoch is a `fit` of its own on the arrays in that
    order: a generator of batches, the other way to fix the order, makes TensorFlow 2.21 return
    all large buffers to the system after each step, which doubled the time of convolutional
    networks. The data become tensors once, and the backend puts them in order: NumPy took three
    times as long, in one thread. Callbacks see the beginning and end of a training in each epoch;
    an optimizer with `use_ema=True` takes over its averages after each epoch.

    Args:
        model: Compiled and built Keras model.
        x: Inputs `(n, ...)`.
        y: Labels, or `None` for a model that needs none.
        epochs: Number of epochs in all, those before a resume included.
        batch_size: Size of the batches.
        seed: Seed of the order of the samples.
        checkpoint: Path of the checkpoint file.
        callbacks: Further Keras callbacks, without a state that a resume would miss.
        validation_data: As in `keras.Model.fit`.

    Returns:
        The history, a list of one dict an epoch; `seconds` is the wall time of the epoch.

    Raises:
        ValueError: If the data are empty or not finite.
        CorruptCheckpointError: If there is a checkpoint that cannot be used.
        DivergedError: If the loss stops being finite.
    """
    check_finite(x=x, **({} if y is None else {"y": y}))
    data = [ops.convert_to_tensor(array) for array in (x, y) if array is not None]
    saver = Checkpoint(checkpoint)
    diverged = StopWhenDiverged()
    for epoch in range(saver.restore(model), epochs):
        stopwatch = Stopwatch()
        order = np.random.default_rng([seed, epoch]).permutation(len(x))
        model.fit(
            *(ops.take(tensor, order, axis=0) for tensor in data),
            batch_size=batch_size,
            shuffle=False,
            initial_epoch=epoch,
            epochs=epoch + 1,
            verbose=0,
            validation_data=validation_data,
            callbacks=[stopwatch, diverged, *callbacks, saver],
        )
    return saver.history
