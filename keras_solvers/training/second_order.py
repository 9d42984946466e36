"""Training of coordinate networks by second-order methods, in the manner of `keras.Model.fit`."""

import abc

import keras
import numpy as np
from keras import ops

_ROWS = 2**25  # entries of the Jacobian that are held at once


class SecondOrder(abc.ABC):
    """An optimizer that sees all residuals at once, not only the gradient of their mean square.

    Attributes:
        variables: What it remembers from step to step, Keras variables: saved by checkpoints.
    """

    built = True
    variables: tuple

    @abc.abstractmethod
    def step(self, system):
        """Improves the weights of a `LeastSquares` once.

        Returns:
            The loss, and a sentence that says why no further step is possible, or `None`.
        """


class LeastSquares:
    """The loss of a `PINN` at fixed points, `sum r^2`, as a function of its flat weights.

    Args:
        model: The `PINN`.
        points: `{equation: rows}`.
    """

    def __init__(self, model, points):
        self._variables = model.trainable_variables
        self._shapes = [tuple(v.shape) for v in self._variables]
        self._points = points
        self._scales = {
            name: np.sqrt(model.equation_weights[name] / len(rows)) for name, rows in points.items()
        }
        self._values, self._linear = model.compiled_equations()

    @property
    def weights(self):
        """All weights, flat, as float64."""
        flat = [ops.convert_to_numpy(v).ravel() for v in self._variables]
        return np.concatenate(flat).astype("float64")

    @weights.setter
    def weights(self, flat):
        ends = np.cumsum([int(np.prod(shape)) for shape in self._shapes])
        for variable, shape, part in zip(
            self._variables, self._shapes, np.split(flat, ends[:-1]), strict=True
        ):
            variable.assign(part.reshape(shape))

    def loss(self):
        """Sum of the squares of the weighted residuals."""
        return sum(
            self._scales[name] ** 2 * np.sum(np.square(self._computed(self._values[name], rows)))
            for name, rows in self._points.items()
        )

    def linearize(self):
        """`(loss, J^T r, J^T J)` of the weighted residuals `r` and their Jacobian `J`.

        Of `J^T J` the lower triangle is set.
        """
        from scipy.linalg import blas

        size = len(self.weights)
        loss, slope = 0.0, np.zeros(size)
        gram = np.zeros((size, size), order="F")
        for name, rows in self._points.items():
            parts = -(-len(rows) * size // _ROWS)
            for piece in np.array_split(rows, parts):
                values, jacobian = self._linear[name](ops.convert_to_tensor(piece))
                r = self._scales[name] * _double(values).ravel()
                jacobian = _double(jacobian).reshape(len(r), size)
                loss += r @ r
                slope += self._scales[name] * (r @ jacobian)
                blas.dsyrk(
                    self._scales[name] ** 2, jacobian.T, 1.0, gram, lower=True, overwrite_c=True
                )
        return loss, slope, gram

    def _computed(self, function, rows):
        return _double(function(ops.convert_to_tensor(rows)))


def _double(tensor):
    return ops.convert_to_numpy(tensor).astype("float64", copy=False)


def fit_second_order(model, points, initial_epoch, epochs, callbacks, verbose):
    """Epochs of one step each, with the callbacks of Keras; stops when no step helps."""
    system = LeastSquares(model, points)
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
    for epoch in range(initial_epoch, epochs):
        callbacks.on_epoch_begin(epoch)
        callbacks.on_train_batch_begin(0)
        loss, why = model.second_order.step(system)
        logs = {"loss": loss}
        callbacks.on_train_batch_end(0, logs)
        callbacks.on_epoch_end(epoch, logs)
        if why is not None or model.stop_training:
            break
    model.stop_training = model.stop_training or why is not None
    model.stop_reason = why or f"all {epochs} steps were done"
    callbacks.on_train_end(logs)
