"""A solver is any callable `y = solver(x)`; here is the one that is trained by its problem."""

from collections.abc import Callable

import keras
import numpy as np
from keras import ops

from keras_solvers.problem import Problem


@keras.saving.register_keras_serializable(package="keras_solvers")
class NeuralSolver(keras.Model):
    """A network trained without labels, by the objective of the problem that it solves.

    `solver.compile("adam"); solver.fit(x)` minimises the mean of `problem.objective(x, network(x))`
    over the inputs `x`, plus the regularisation losses of the network.

    Args:
        network: Keras model from `x` to `y`.
        problem: The `Problem` whose objective is minimised.

    Raises:
        TypeError: If `problem` is not a `Problem`.
    """

    def __init__(self, network, problem, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(problem, Problem):
            raise TypeError(
                "`problem` must be a `keras_solvers.Problem`, whose objective is the loss. "
                f"Received: problem={problem!r}"
            )
        self.network = network
        self.problem = problem

    def build(self, input_shape):
        if not self.network.built:
            self.network.build(input_shape)
        self.built = True

    def call(self, x, training=None):
        return self.network(x, training=training)

    def compute_output_shape(self, input_shape):
        return self.network.compute_output_shape(input_shape)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        # Float32 under mixed precision too: a half-precision objective would round the last digits.
        objective = self.problem.objective(ops.cast(x, "float32"), ops.cast(y_pred, "float32"))
        return ops.mean(objective) + sum(self.losses)

    def get_config(self):
        objects = {"network": self.network, "problem": self.problem}
        config = {name: keras.saving.serialize_keras_object(v) for name, v in objects.items()}
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config):
        for name in ("network", "problem"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def compiled(solver: Callable) -> Callable[[np.ndarray], np.ndarray]:
    """Compiles a solver written in `keras.ops`, classic or neural, for the current backend.

    Classic and neural solvers are timed through this one door, so that neither pays an overhead
    that the other does not.

    Args:
        solver: Callable from `x` to `y`, for example `FISTA(problem, 50)` or a Keras model.

    Returns:
        Callable from a NumPy array `x` to a NumPy array `y`; the first call of each batch size
        compiles.
    """
    model = SolverModel(solver)
    model.compile(jit_compile=True)
    return model.predict_on_batch


class SolverModel(keras.Model):
    def __init__(self, solver):
        super().__init__(autocast=False)  # the dtype of the input is that of the iteration
        self.solver = solver

    def call(self, x):
        return self.solver(x)
