"""Training on the states that a network leads to."""

import keras
from keras import ops

from keras_solvers.solver import NeuralSolver


@keras.saving.register_keras_serializable(package="keras_solvers.incompressible_flow")
class LongTermSolver(NeuralSolver):
    """A `NeuralSolver` that also learns from the inputs that its own answers lead to.

    In a simulation the network meets what its earlier errors have made of the flow, which is not
    what was sampled for training. So the loss is the mean of

        objective(x, network(x)) + weight * objective(x_later, network(x_later)),

    where `x_later = advance(x, network)` is what some steps of the simulation make of `x`. The
    gradient is not propagated through them.

    Args:
        network: Keras model from `x` to `y`.
        problem: The `Problem` whose objective is minimised.
        advance: Callable `(x, solver) -> x_later`, written in `keras.ops`; to be saved with the
            model, it must be registered with Keras.
        weight: Weight of the later objective, at least 0.

    Reference: Tompson et al., Accelerating Eulerian fluid simulation with convolutional networks,
    2017, section 3.1.
    """

    def __init__(self, network, problem, advance, weight=1.0, **kwargs):
        super().__init__(network, problem, **kwargs)
        if weight < 0.0:
            raise ValueError(f"`weight` must be at least 0. Received: weight={weight}")
        self.advance = advance
        self.weight = weight
        # As an attribute of the model, so that Keras keeps the state of its random numbers.
        self.seed_generator = getattr(advance, "seed_generator", None)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = super().compute_loss(x, y, y_pred, sample_weight, training)
        later = ops.cast(ops.stop_gradient(self.advance(x, self.network)), "float32")
        y_later = self.network(later, training=training)
        objective = self.problem.objective(later, ops.cast(y_later, "float32"))
        return loss + self.weight * ops.mean(objective)

    def get_config(self):
        advance = keras.saving.serialize_keras_object(self.advance)
        return {**super().get_config(), "advance": advance, "weight": self.weight}

    @classmethod
    def from_config(cls, config):
        config["advance"] = keras.saving.deserialize_keras_object(config["advance"])
        return super().from_config(config)
