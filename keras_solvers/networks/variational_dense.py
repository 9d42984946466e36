"""A dense layer that knows how well it knows its weights."""

import keras
from keras import ops

_TINY = 1e-7  # a variance that is zero, for a sample of zeros, has no slope of its root


@keras.saving.register_keras_serializable(package="keras_solvers.networks")
class VariationalDense(keras.layers.Layer):
    """`y = activation(x W + c)` with independent normal weights `W`, whose deviations are learned.

    Outside of training each of the members along the last axis but one has weights of its own,
    `W_j = M + D e_j` with normal `e_j`, drawn once and saved: members are functions, and answer the
    same again. In training, for fixed `x` the sum `x W` is normal, with the mean `x M` and the
    variance `x^2 D^2`; it is drawn for each sample and member anew (the local reparametrization:
    Kingma, Salimans and Welling, Variational dropout and the local reparameterization trick, 2015,
    section 2.2). The loss gets `kl_weight` times the divergence from the prior of normal weights
    with deviation `prior`,

    `KL = sum log(prior / D) + (D^2 + M^2) / (2 prior^2) - 1/2`.

    Trained with a mean square over `m` numbers a sample and `n` samples of independent errors with
    deviation `s`, `kl_weight = 2 s^2 / (m n)` makes weights the best independent approximation of
    the posterior (Blundell and others, Weight uncertainty in neural networks, 2015). Samples that
    are alike count as one: `n` is then smaller than it looks.

    Args:
        units: Size of the output.
        activation: Keras activation.
        prior: Deviation of weights before data, and of the first means. If `None`,
            `sqrt(2 / size of the input)`.
        kl_weight: Weight of the divergence in the loss.
        seed: Of first values and draws. Two layers with the same seed draw the same numbers.

    Shapes:
        x: `(batch, num_members, size)`.
        y: `(batch, num_members, units)`.
    """

    def __init__(
        self, units, activation=None, prior=None, kl_weight=0.0, seed=None, dtype=None, **kwargs
    ):
        super().__init__(dtype=dtype, **kwargs)
        if not kl_weight >= 0.0 or not (prior is None or prior > 0.0):
            raise ValueError(
                "`prior` must be positive and `kl_weight` not negative. "
                f"Received: prior={prior}, kl_weight={kl_weight}"
            )
        self.units, self.prior, self.kl_weight, self.seed = units, prior, kl_weight, seed
        self.activation = keras.activations.get(activation)
        self.noise = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        if len(input_shape) != 3 or input_shape[1] is None:
            raise ValueError(
                "Features of members are expected, (batch, num_members, size). "
                f"Received: shape {tuple(input_shape)}"
            )
        self.deviation_before = self.prior or (2.0 / input_shape[2]) ** 0.5
        shape = (input_shape[2], self.units)
        first = keras.initializers.RandomNormal(stddev=self.deviation_before, seed=self.noise)
        draws = keras.initializers.RandomNormal(stddev=1.0, seed=self.noise)
        self.mean = self.add_weight(shape=shape, initializer=first, name="mean")
        self.log_share = self.add_weight(shape=shape, initializer=_small, name="log_share")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")
        self.draws = self.add_weight(
            shape=(input_shape[1], *shape), initializer=draws, trainable=False, name="draws"
        )

    def deviation(self):
        """Deviations of the weights, `(size, units)`."""
        return self.deviation_before * ops.exp(self.log_share)

    def divergence(self):
        """`KL` above."""
        square = ops.square(self.mean / self.deviation_before) + ops.exp(2.0 * self.log_share)
        return ops.sum(0.5 * (square - 1.0) - self.log_share)

    def call(self, x, training=False):
        if self.kl_weight:
            self.add_loss(self.kl_weight * ops.cast(self.divergence(), "float32"))
        summed = self._drawn(x) if training else self._of_members(x)
        return self.activation(summed + ops.cast(self.bias, x.dtype))

    def _drawn(self, x):
        variance = ops.matmul(ops.square(x), ops.cast(ops.square(self.deviation()), x.dtype))
        mean = ops.matmul(x, ops.cast(self.mean, x.dtype))
        normal = keras.random.normal(ops.shape(mean), dtype=mean.dtype, seed=self.noise)
        return mean + ops.sqrt(variance + _TINY) * normal

    def _of_members(self, x):
        weights = self.mean + self.deviation() * self.draws
        return ops.einsum("bmi,mio->bmo", x, ops.cast(weights, x.dtype))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
            "prior": self.prior,
            "kl_weight": self.kl_weight,
            "seed": self.seed,
        }


def _small(shape, dtype=None):
    """First deviations are a twentieth of the prior's: noise would hide what there is to learn."""
    return ops.full(shape, -3.0, dtype=dtype)
