"""Convolution in which each output map reads only some of the input maps."""

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_solvers.digits")
class PartiallyConnectedConvolution(keras.layers.Layer):
    """Unpadded convolution with connections between some of the maps.

    Only the kernels of existing connections are weights, `(kernel_size^2, connections)`; a
    constant matrix of zeros and ones spreads them to the kernel of an ordinary convolution.

    Args:
        connections: For each output map, the input maps that it reads.
        kernel_size: Height and width of the kernels.
        activation: Elementwise activation function or its name; None is the identity.

    Shapes:
        `(batch, height, width, maps)` to `(batch, height - k + 1, width - k + 1, len(connections))`
        with `k = kernel_size`.

    Reference: LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document
    recognition, 1998, section II.B, layer C3 and table I.
    """

    def __init__(self, connections, kernel_size, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.connections = [list(sources) for sources in connections]
        self.kernel_size = kernel_size
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        num_inputs, num_outputs = input_shape[-1], len(self.connections)
        last = max(source for sources in self.connections for source in sources)
        if last >= num_inputs:
            raise ValueError(
                f"`connections` reads input map {last}, but there are only {num_inputs} maps, "
                f"counted from 0. Received: input_shape={tuple(input_shape)}"
            )
        # Position of each connection among all pairs (input, output).
        pairs = [i * num_outputs + o for o, sources in enumerate(self.connections) for i in sources]
        self.spread = np.eye(num_inputs * num_outputs, dtype="float32")[pairs]
        self.kernel_shape = (self.kernel_size, self.kernel_size, num_inputs, num_outputs)
        # Unit variance after the convolution, on average over the maps.
        fan_in = self.kernel_size**2 * len(pairs) / num_outputs
        normal = keras.initializers.RandomNormal(stddev=fan_in**-0.5)
        self.kernel = self.add_weight((self.kernel_size**2, len(pairs)), normal, name="kernel")
        self.bias = self.add_weight((num_outputs,), "zeros", name="bias")

    def call(self, x):
        spread = ops.cast(self.spread, self.compute_dtype)
        kernel = ops.reshape(ops.matmul(self.kernel, spread), self.kernel_shape)
        return self.activation(ops.conv(x, kernel) + self.bias)

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape
        lost = self.kernel_size - 1
        return (batch, height - lost, width - lost, len(self.connections))

    def get_config(self):
        activation = keras.activations.serialize(self.activation)
        own = {
            "connections": self.connections,
            "kernel_size": self.kernel_size,
            "activation": activation,
        }
        return {**super().get_config(), **own}
