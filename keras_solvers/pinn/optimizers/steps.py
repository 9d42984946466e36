"""The loop of a training in which an epoch is one step on all points."""

import keras


def fit_steps(model, step, initial_epoch, epochs, callbacks, verbose):
    """Steps with the callbacks of Keras, until the last one or until a step says why it ends.

    `fit` of Keras does the same by way of a pipeline of data, which costs more than a step.

    Args:
        model: The model that callbacks see; `stop_reason` tells afterwards why it ended.
        step: Function that improves the model once and returns the loss, and a sentence that says
            why no further step is possible, or `None`.
        initial_epoch: Number of the first step.
        epochs: Number of the step after the last.
        callbacks: Keras callbacks.
        verbose: As in Keras.
    """
    callbacks = keras.callbacks.CallbackList(
        list(callbacks),
        add_progbar=verbose not in (0, False),
        model=model,
        epochs=epochs,
        steps=1,
        verbose=1 if verbose == "auto" else verbose,
    )
    model.stop_training = False
    callbacks.on_train_begin()
    why, logs = None, None
    for epoch in range(initial_epoch, epochs):
        callbacks.on_epoch_begin(epoch)
        callbacks.on_train_batch_begin(0)
        loss, why = step()
        logs = {"loss": loss}
        callbacks.on_train_batch_end(0, logs)
        callbacks.on_epoch_end(epoch, logs)
        if why is not None or model.stop_training:
            break
    model.stop_training = model.stop_training or why is not None
    model.stop_reason = why or (
        "a callback stopped it" if model.stop_training else f"all {epochs} steps were done"
    )
    callbacks.on_train_end(logs)
