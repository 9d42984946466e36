"""An activation whose slope is trained."""

import keras

from keras_solvers.pinn.fields.functions import apply
from keras_solvers.pinn.fields.linear import scaled


@keras.saving.register_keras_serializable(package="keras_solvers.pinn")
class AdaptiveActivation(keras.layers.Layer):
    """`f(scale a x)` with a trained slope `a` that starts at `1 / scale`.

    At the start it is `f` itself. The larger `scale`, the faster `a` changes the slope, and with it
    the shortest wave that the network sees well (Jagtap, Kawaguchi and Karniadakis, Adaptive
    activation functions accelerate convergence in deep and physics-informed neural networks, 2020,
    eq. 6; with a slope for each unit: Locally adaptive activation functions, 2020, eq. 5).

    Args:
        activation: The function `f`, as in Keras.
        scale: The fixed factor, at least 1.
        per_unit: Whether each unit has a slope of its own, instead of one for all.
    """

    def __init__(self, activation="tanh", scale=1.0, per_unit=False, **kwargs):
        super().__init__(**kwargs)
        if scale < 1.0:
            raise ValueError(f"`scale` must be at least 1. Received: scale={scale}")
        self.activation = keras.activations.get(activation)
        self.scale, self.per_unit = float(scale), per_unit

    def build(self, input_shape):
        shape = (input_shape[-1],) if self.per_unit else ()
        self.slope = self.add_weight(
            shape, keras.initializers.Constant(1.0 / self.scale), name="slope"
        )

    @property
    def factor(self):
        """What the input is multiplied by."""
        return self.scale * self.slope

    def call(self, x):
        return self.activation(keras.ops.cast(self.factor, x.dtype) * x)

    def field_rule(self, field):
        """The layer of a field, with its derivatives."""
        return apply(self.activation, scaled(self.factor, field))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        own = {
            "activation": keras.activations.serialize(self.activation),
            "scale": self.scale,
            "per_unit": self.per_unit,
        }
        return {**super().get_config(), **own}
