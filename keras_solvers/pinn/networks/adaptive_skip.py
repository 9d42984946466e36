"""A skip connection with a trained factor."""

import keras
from keras import ops

from keras_solvers.pinn.fields.linear import scaled


@keras.saving.register_keras_serializable(package="keras_solvers.pinn")
class AdaptiveSkip(keras.layers.Layer):
    """`x + a (y - x)` of the input `x` of a block and its output `y`, given as a pair `(x, y)`.

    The trained number `a` starts at 0, where a deep network equals a shallow one, whose derivatives
    are of moderate size (Wang, Li, Chen and Perdikaris, PirateNets: physics-informed deep learning
    with residual adaptive networks, 2024, eq. 4.6).
    """

    def build(self, input_shape):
        self.factor = self.add_weight((), "zeros", name="factor")

    def call(self, inputs):
        x, y = inputs
        return x + ops.cast(self.factor, x.dtype) * (y - x)

    def field_rule(self, x, y):
        """The layer of two fields, with its derivatives."""
        return x + scaled(self.factor, y - x)

    def compute_output_shape(self, input_shape):
        return input_shape[0]
