"""A dense layer with Gaussian weights, trained by variational inference."""

import keras
from keras import ops

_TINY = 1e-7  # the square root has an infinite slope at zero variance, which zero inputs have


@keras.saving.register_keras_serializable(package="keras_solvers.networks")
class VariationalDense(keras.layers.Layer):
    """`y = activation(x W + c)` with independent Gaussian weights `W ~ N(M, D^2)`.

    Means `M` and standard deviations `D` are trainable. The input has an axis of ensemble members.

    In inference each member uses a weight sample of its own, `W_j = M + D e_j`. The standard normal
    `e_j` are drawn once and saved with the layer, so members are functions and their outputs are
    reproducible.

    In training the local reparameterisation trick is used: for a fixed `x` the product `x W` is
    Gaussian with mean `x M` and variance `x^2 D^2`, and is drawn anew for each sample and member
    (Kingma, Salimans and Welling, Variational dropout and the local reparameterization trick, 2015,
    section 2.2). The layer adds `kl_weight` times the Kullback-Leibler divergence from the prior
    `N(0, prior_std^2)` to the loss,

    `KL = sum log(prior_std / D) + (D^2 + M^2) / (2 prior_std^2) - 1/2`.

    Suppose that the loss is a mean square over `n` samples of `m` numbers each, whose errors are
    independent with standard deviation `s`. Then `kl_weight = 2 s^2 / (m n)` gives the mean-field
    approximation of the posterior (Blundell and others, Weight uncertainty in neural networks,
    2015). For correlated samples `n` is their effective number.

    Args:
        units: Size of the output.
        activation: Keras activation.
        prior_std: Standard deviation of the prior and of the initial means. If `None`,
            `sqrt(2 / size of the input)`.
        kl_weight: Weight of the divergence in the loss.
        seed: Seed of initial values and samples. Layers with equal seeds draw equal numbers.

    Shapes:
        x: `(batch, num_members, size)`.
        y: `(batch, num_members, units)`.
    """

    def __init__(
        self,
        units: int,
        activation=None,
        prior_std: float | None = None,
        kl_weight: float = 0.0,
        seed: int | None = None,
        dtype=None,
        **kwargs,
    ):
        super().__init__(dtype=dtype, **kwargs)
        if not kl_weight >= 0.0 or not (prior_std is None or prior_std > 0.0):
            raise ValueError(
                "`prior_std` must be positive and `kl_weight` not negative. "
                f"Received: prior_std={prior_std}, kl_weight={kl_weight}"
            )
        self.units, self.prior_std, self.kl_weight, self.seed = units, prior_std, kl_weight, seed
        self.activation = keras.activations.get(activation)
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        if len(input_shape) != 3 or input_shape[1] is None:
            raise ValueError(
                "Features of ensemble members are expected, (batch, num_members, size). "
                f"Received: shape {tuple(input_shape)}"
            )
        self.scale = self.prior_std or (2.0 / input_shape[2]) ** 0.5
        shape = (input_shape[2], self.units)
        initial = keras.initializers.RandomNormal(stddev=self.scale, seed=self.seed_generator)
        normal = keras.initializers.RandomNormal(stddev=1.0, seed=self.seed_generator)
        self.mean = self.add_weight(shape=shape, initializer=initial, name="mean")
        self.log_ratio = self.add_weight(shape=shape, initializer=_small, name="log_ratio")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")
        self.noise = self.add_weight(
            shape=(input_shape[1], *shape), initializer=normal, trainable=False, name="noise"
        )

    def standard_deviation(self):
        """Standard deviations `D` of the weights, `(size, units)`."""
        return self.scale * ops.exp(self.log_ratio)

    def kl_divergence(self):
        """Kullback-Leibler divergence from the prior, a scalar."""
        square = ops.square(self.mean / self.scale) + ops.exp(2.0 * self.log_ratio)
        return ops.sum(0.5 * (square - 1.0) - self.log_ratio)

    def call(self, x, training=False):
        if self.kl_weight:
            self.add_loss(self.kl_weight * ops.cast(self.kl_divergence(), "float32"))
        product = self._sampled(x) if training else self._of_members(x)
        return self.activation(product + ops.cast(self.bias, x.dtype))

    def _sampled(self, x):
        squares = ops.cast(ops.square(self.standard_deviation()), x.dtype)
        variance = ops.matmul(ops.square(x), squares)
        mean = ops.matmul(x, ops.cast(self.mean, x.dtype))
        normal = keras.random.normal(ops.shape(mean), dtype=mean.dtype, seed=self.seed_generator)
        return mean + ops.sqrt(variance + _TINY) * normal

    def _of_members(self, x):
        weights = self.mean + self.standard_deviation() * self.noise
        return ops.einsum("bmi,mio->bmo", x, ops.cast(weights, x.dtype))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
            "prior_std": self.prior_std,
            "kl_weight": self.kl_weight,
            "seed": self.seed,
        }


def _small(shape, dtype=None):
    """Initial standard deviations are 5 % of the prior: larger noise would mask the data."""
    return ops.full(shape, -3.0, dtype=dtype)
