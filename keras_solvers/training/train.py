"""One training of one model in a run folder."""

from keras_solvers.training.batches import ShuffledBatches
from keras_solvers.training.checkpoint import Checkpoint
from keras_solvers.training.divergence import StopWhenDiverged, check_finite
from keras_solvers.training.stopwatch import Stopwatch


def train(model, x, y, *, epochs, batch_size, seed, checkpoint, callbacks=(), validation_data=None):
    """Fits a compiled model; resumes from its checkpoint, with the same final result.

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
        The history, a list of one dict an epoch; `seconds` counts the time of training.

    Raises:
        ValueError: If the data are empty or not finite.
        CorruptCheckpointError: If there is a checkpoint that cannot be used.
        DivergedError: If the loss stops being finite.
    """
    check_finite(x=x, **({} if y is None else {"y": y}))
    saver = Checkpoint(checkpoint)
    first_epoch = saver.restore(model)
    if first_epoch >= epochs:
        return saver.history
    batches = ShuffledBatches(x, y, batch_size, seed, epochs, first_epoch)
    model.fit(
        batches,
        steps_per_epoch=batches.steps_per_epoch,
        shuffle=False,
        epochs=epochs,
        initial_epoch=first_epoch,
        verbose=0,
        validation_data=validation_data,
        callbacks=[
            Stopwatch(),
            StopWhenDiverged(),
            *callbacks,
            saver,
        ],
    )
    return saver.history
