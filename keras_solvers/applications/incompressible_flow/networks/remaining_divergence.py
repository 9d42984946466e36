"""What a pressure leaves to do."""

import keras
from keras import ops

from keras_solvers.numerics.staggered import PoissonOperator, face_weights, full_sides


@keras.saving.register_keras_serializable(package="keras_solvers.incompressible_flow")
class RemainingDivergence(keras.layers.Layer):
    """The input of a pressure solver after the projection by a guess: its divergence is the rest.

    Args:
        sides: Sides of the domain, as in `PressureProjection`.

    Shapes:
        x: `(batch, *cells, 2)`: divergence, and 1 in fluid, 0 in solids.
        y: `(batch, *cells, 1)`, a guess of the pressure; zero if left out.
        returns: `(batch, *cells, 2)`.
    """

    def __init__(self, sides="closed", **kwargs):
        super().__init__(**kwargs)
        self.sides = sides

    def call(self, x, y=None):
        if y is None:
            return x
        fluid = x[..., 1]
        sides = full_sides(self.sides, len(x.shape) - 2)
        operator = PoissonOperator(face_weights(fluid, sides), sides)
        return ops.stack([fluid * x[..., 0] + operator(y[..., 0]), fluid], axis=-1)

    def compute_output_shape(self, x_shape, y_shape=None):
        return x_shape

    def get_config(self):
        return {**super().get_config(), "sides": self.sides}
