"""The training of a coordinate network, in which an epoch is one step on all points."""

import keras
import numpy as np
from keras import ops

from keras_solvers.numerics.derivatives import optimizer_step
from keras_solvers.pinn.fields.consistency import checked_points
from keras_solvers.training.second_order.optimizer import NOT_FINITE, SecondOrder


class Trainer:
    """Trains a `PINN` with one optimizer.

    `fit` of Keras does the same by way of a pipeline of data, which costs more than a step.

    Args:
        model: The `PINN`.
        optimizer: Optimizer of Keras, its name, or a `SecondOrder` one.
    """

    def __init__(self, model, optimizer):
        self.model = model
        if isinstance(optimizer, SecondOrder):
            self.optimizer, self._step = optimizer, self._second_order_step
        else:
            self.optimizer = keras.optimizers.get(optimizer)
            residuals = model.compiled_residuals
            self._compiled_step = optimizer_step(
                lambda x: residuals.loss(*x), residuals.variables, self.optimizer
            )
            self._step = self._first_order_step

    def fit(self, points, epochs, callbacks, verbose, sampler, initial_epoch):
        """The training; arguments and result as in `PINN.fit`."""
        model, history = self.model, keras.callbacks.History()
        callbacks = keras.callbacks.CallbackList(
            [*callbacks, history],
            add_progbar=verbose not in (0, False),
            model=model,
            epochs=epochs,
            steps=1,
            verbose=1 if verbose == "auto" else verbose,
        )
        points, every = checked_points(model, points), epochs if sampler is None else sampler.every
        model.stop_training, reason, logs = False, None, None
        callbacks.on_train_begin()
        for epoch in range(initial_epoch, epochs):
            if (epoch - initial_epoch) % every == 0:
                points = self._choose(points, sampler, epoch)
            logs, reason = self._epoch(epoch, callbacks)
            if reason is not None or model.stop_training:
                break
        model.stop_reason = reason or (
            "stopped by a callback" if model.stop_training else f"all {epochs} steps were done"
        )
        callbacks.on_train_end(logs)
        return history

    def _choose(self, points, sampler, epoch):
        """Sets the points that steps and callbacks see; returns them without their weights."""
        model = self.model
        if sampler is not None and epoch > 0:
            points = checked_points(model, sampler(model, points, epoch))
        weights = model.point_weights
        model.training_points = points if weights is None else weights.attached(points)
        return points

    def _epoch(self, epoch, callbacks):
        """`(logs, reason)`, the reason why it must be the last one, or `None`."""
        callbacks.on_epoch_begin(epoch)
        callbacks.on_train_batch_begin(0)
        loss, reason = self._step()
        logs = {"loss": loss}
        callbacks.on_train_batch_end(0, logs)
        callbacks.on_epoch_end(epoch, logs)
        return logs, reason

    def _first_order_step(self):
        given = (self.model.training_points, self.model.equation_weights)
        tensors = ({n: ops.convert_to_tensor(v) for n, v in values.items()} for values in given)
        loss = float(self._compiled_step(tuple(tensors)))
        return loss, None if np.isfinite(loss) else NOT_FINITE

    def _second_order_step(self):
        return self.optimizer.step(self.model.least_squares(self.model.training_points))
