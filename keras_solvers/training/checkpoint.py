"""Checkpoints that a killed training resumes from with the same final result."""

import zipfile

import keras
import numpy as np

from keras_solvers import files


class CorruptCheckpointError(ValueError):
    """A checkpoint cannot be read, or belongs to another model."""


class Checkpoint(keras.callbacks.Callback):
    """Saves after each epoch all that training needs to go on: weights, optimizer, random streams.

    The file is replaced in one step: a kill at any moment leaves the last whole epoch.

    Args:
        path: File to write, `.npz`.
        every: Epochs between two files; a training that chooses its points every few epochs is
            resumed where it does.
    """

    def __init__(self, path, every=1):
        super().__init__()
        self.path = path
        self.every = every
        self.history = []

    def restore(self, model):
        """Loads the checkpoint, if there is one, into a compiled `model`; returns its epoch."""
        if not self.path.exists():
            return 0
        arrays = self._read()
        self.history = [
            dict(zip(arrays["history_names"].tolist(), row)) for row in arrays["history"].tolist()
        ]
        variables = _variables(model)
        saved = [arrays.get(f"variable_{i}") for i in range(len(variables))]
        shapes = [None if value is None else value.shape for value in saved]
        if shapes != [tuple(v.shape) for v in variables] or f"variable_{len(saved)}" in arrays:
            raise CorruptCheckpointError(
                f"The checkpoint {self.path} belongs to another model or optimizer. "
                "Use another run folder, or start again with `--overwrite`."
            )
        for variable, value in zip(variables, saved):
            variable.assign(value)
        return len(self.history)

    def _read(self):
        try:
            with open(self.path, "rb") as source, np.load(source, allow_pickle=False) as file:
                return dict(file)
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise CorruptCheckpointError(
                f"The checkpoint {self.path} is damaged ({error}). "
                "Start again with `--overwrite`, or use another run folder."
            ) from error

    def on_epoch_end(self, epoch, logs=None):
        self.history.append({name: float(value) for name, value in (logs or {}).items()})
        if (epoch + 1) % self.every:
            return
        arrays = {
            f"variable_{i}": keras.ops.convert_to_numpy(v)
            for i, v in enumerate(_variables(self.model))
        }
        names = sorted(self.history[0])
        arrays["history_names"] = np.array(names)
        arrays["history"] = np.array([[row[name] for name in names] for row in self.history])
        files.write_arrays(self.path, arrays)


def _variables(model):
    optimizer = model.optimizer
    if not optimizer.built:
        optimizer.build(model.trainable_variables)
    return [*model.variables, *optimizer.variables]
