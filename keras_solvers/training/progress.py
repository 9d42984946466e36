"""A progress bar for `fit`."""

import keras


class ProgressBar(keras.callbacks.Callback):
    """Shows epochs, loss and the time left on a `rich.progress.Progress`.

    Args:
        progress: The `rich.progress.Progress` to draw on.
        title: What is trained.
        epochs: Number of epochs in all.
    """

    def __init__(self, progress, title, epochs):
        super().__init__()
        self.progress = progress
        self.title = title
        self.task = progress.add_task(title, total=epochs)

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        self.progress.update(self.task, completed=epoch)

    def on_train_batch_end(self, batch, logs=None):
        # The logs are left alone: reading them would wait for the device in every batch.
        share = (batch + 1) / self.params["steps"] if self.params["steps"] else 0.0
        self.progress.update(self.task, completed=self.epoch + share)

    def on_epoch_end(self, epoch, logs=None):
        loss = (logs or {}).get("val_loss", (logs or {}).get("loss", float("nan")))
        self.progress.update(
            self.task, completed=epoch + 1, description=f"{self.title}, loss {loss:.4g}"
        )
