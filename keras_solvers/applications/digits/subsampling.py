"""Trainable subsampling of LeNet-5."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_solvers.digits")
class Subsampling(keras.layers.Layer):
    """Adds the four values of each 2x2 block: `a(coefficient * sum + bias)`, two numbers a map.

    Args:
        activation: Elementwise activation function or its name; None is the identity.

    Shapes:
        `(batch, height, width, maps)` to `(batch, height // 2, width // 2, maps)`.

    Reference: LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document
    recognition, 1998, section II.B, layers S2 and S4.
    """

    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        if any(size is None or size % 2 for size in input_shape[1:3]):
            raise ValueError(
                "Height and width must be known and even, to be halved. "
                f"Received: input_shape={tuple(input_shape)}"
            )
        shape = (input_shape[-1],)
        # A quarter: the layer starts as the mean of each block.
        quarter = keras.initializers.Constant(0.25)
        self.coefficient = self.add_weight(shape, quarter, name="coefficient")
        self.bias = self.add_weight(shape, "zeros", name="bias")

    def call(self, x):
        _, height, width, maps = x.shape
        # Cheaper than pooling, above all its gradient.
        blocks = ops.reshape(x, (-1, height // 2, 2, width // 2, 2, maps))
        total = ops.sum(blocks, axis=(2, 4))
        return self.activation(self.coefficient * total + self.bias)

    def compute_output_shape(self, input_shape):
        batch, height, width, maps = input_shape
        return (batch, height // 2, width // 2, maps)

    def get_config(self):
        activation = keras.activations.serialize(self.activation)
        return {**super().get_config(), "activation": activation}
