"""Batches whose order depends on the seed and the epoch alone."""

import math

import keras
import numpy as np


class ShuffledBatches(keras.utils.PyDataset):
    """The batches of all epochs of a training, one after the other.

    `fit(x, y)` shuffles by a stream that starts anew with the process; here the order of epoch `e`
    is a function of `(seed, e)`, so training from a checkpoint sees what it would have seen. Which
    epoch a batch belongs to follows from its index, since Keras draws some batches ahead. Train
    with `fit(batches, steps_per_epoch=batches.steps_per_epoch, shuffle=False)`.

    Args:
        x: Inputs `(n, ...)`.
        y: Labels `(n, ...)`, or `None` for training without labels.
        batch_size: Size of a batch; the last one of an epoch may be smaller.
        seed: Integer.
        epochs: Number of epochs in all.
        first_epoch: Epoch that training starts or resumes at.
    """

    def __init__(self, x, y, batch_size, seed, epochs, first_epoch=0):
        super().__init__()
        self.x = x
        self.y = y
        self.batch_size = batch_size
        self.seed = seed
        self.epochs = epochs
        self.first_epoch = first_epoch
        self.steps_per_epoch = math.ceil(len(x) / batch_size)
        self._shuffle(first_epoch)

    def _shuffle(self, epoch):
        self._epoch = epoch
        self._order = np.random.default_rng([self.seed, epoch]).permutation(len(self.x))

    def __len__(self):
        return (self.epochs - self.first_epoch) * self.steps_per_epoch

    def __getitem__(self, index):
        epoch, step = divmod(index, self.steps_per_epoch)
        if self.first_epoch + epoch != self._epoch:
            self._shuffle(self.first_epoch + epoch)
        chosen = self._order[step * self.batch_size : (step + 1) * self.batch_size]
        return (self.x[chosen],) if self.y is None else (self.x[chosen], self.y[chosen])
