"""A problem says where its inputs come from and how good an answer is."""

import abc
import dataclasses

import keras
from keras import ops


class Problem(abc.ABC):
    """Contract of all problems: frozen, serializable, free of solvers and of networks.

    A concrete problem is a `dataclasses.dataclass(frozen=True)`, final, and registered with
    `keras.saving.register_keras_serializable(package="keras_solvers")`.

    Shapes:
        x: `(batch, ...)`, the input of the solver.
        y: `(batch, ...)`, an answer.
    """

    @abc.abstractmethod
    def sample(self, num_samples, seed):
        """Draws `num_samples` inputs `x`; an integer `seed` repeats the draw."""

    @abc.abstractmethod
    def objective(self, x, y):
        """Returns `(batch,)`: how bad the answer `y` to `x` is; the lower, the better."""

    def get_config(self):
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: keras.saving.serialize_keras_object(v) for name, v in values.items()}

    @classmethod
    def from_config(cls, config):
        return cls(**{k: keras.saving.deserialize_keras_object(v) for k, v in config.items()})


class RootProblem(Problem):
    """Find `y` with `residual(x, y) = 0`."""

    @abc.abstractmethod
    def residual(self, x, y):
        """Returns `(batch, ...)`, zero for the exact answer."""

    def objective(self, x, y):
        """Half the squared norm of the residual, `(batch,)`."""
        residual = self.residual(x, y)
        return 0.5 * ops.sum(ops.square(residual), axis=tuple(range(1, len(residual.shape))))


class InverseProblem(Problem):
    """Find the cause `y` of an observation `x`, given the forward process `x = forward(y)`."""

    @abc.abstractmethod
    def forward(self, y):
        """Returns the observation `(batch, ...)` that the cause `y` produces."""
