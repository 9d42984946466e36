"""Dense layer whose weights, instead of its units, are dropped while training."""

import math

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_solvers.digits")
class DropConnectDense(keras.layers.Layer):
    """Fully connected layer `a((M * W) v + b)` with a random mask `M` of its weights.

    In training every weight is kept with probability `p = 1 - rate`, drawn anew for every
    example. Outside training the pre-activation is taken as normal with the moments of the
    masked sum, `u ~ N(p W v + b, p (1 - p) (W * W)(v * v))`, and the output is the mean of `a(u)`:
    in closed form for the identity and ReLU, else by Gauss-Hermite quadrature. So inference is
    deterministic, where the paper averages over random draws of `u`. The bias is not masked.

    Args:
        units: Number of outputs.
        rate: Probability that a weight is dropped, in `[0, 1)`.
        activation: Elementwise activation function or its name; None is the identity.
        seed: Integer, or None for a random one.

    Shapes:
        `(batch, inputs)` to `(batch, units)`. Training holds one mask per example in memory,
        `batch * inputs * units` numbers: keep one of the three small.

    Reference: Wan, Zeiler, Zhang, LeCun and Fergus, Regularization of neural networks using
    DropConnect, 2013, sections 3 and 3.2.
    """

    NUM_NODES = 16

    def __init__(self, units, rate=0.5, activation=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not 0.0 <= rate < 1.0:
            raise ValueError(
                "`rate` is the share of weights that are dropped and must lie in [0, 1). "
                f"Received: rate={rate}"
            )
        self.units = units
        self.rate = rate
        self.activation = keras.activations.get(activation)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        self.kernel = self.add_weight((input_shape[-1], self.units), "he_normal", name="kernel")
        self.bias = self.add_weight((self.units,), "zeros", name="bias")

    def call(self, x, training=False):
        if training and self.rate > 0.0:
            return self.activation(self.masked(x))
        mean, deviation = self.moments(x)
        return _mean_activation(self.activation, mean, deviation)

    def masked(self, x):
        """Pre-activation under one fresh mask per example."""
        shape = (ops.shape(x)[0], *self.kernel.shape)
        kept = keras.random.uniform(shape, seed=self.seed_generator, dtype="float32") >= self.rate
        kernel = ops.convert_to_tensor(self.kernel)
        weights = ops.where(kept, kernel, ops.zeros_like(kernel))
        return ops.einsum("bi,bio->bo", x, weights) + self.bias

    def moments(self, x):
        """Mean and standard deviation of the pre-activation over all masks."""
        mean = (1.0 - self.rate) * ops.matmul(x, self.kernel) + self.bias
        variance = ops.matmul(ops.square(x), ops.square(self.kernel))
        return mean, ops.sqrt(self.rate * (1.0 - self.rate) * variance)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        activation = keras.activations.serialize(self.activation)
        own = {"units": self.units, "rate": self.rate, "activation": activation, "seed": self.seed}
        return {**super().get_config(), **own}


def _mean_activation(activation, mean, deviation):
    """Mean of `activation(u)` for normal `u`."""
    if activation is keras.activations.linear:
        return mean
    if activation is keras.activations.relu:
        # The quotient is 0 / 0 for a zero input, where the mean is `relu(mean)`.
        z = mean / ops.maximum(deviation, keras.config.epsilon())
        density = ops.exp(-0.5 * ops.square(z)) / math.sqrt(2.0 * math.pi)
        probability = 0.5 * (1.0 + ops.erf(z / math.sqrt(2.0)))
        return mean * probability + deviation * density
    nodes, weights = np.polynomial.hermite_e.hermegauss(DropConnectDense.NUM_NODES)
    weights = weights / weights.sum()
    return sum(w * activation(mean + float(z) * deviation) for z, w in zip(nodes, weights.tolist()))
