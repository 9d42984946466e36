"""Hamiltonian Monte Carlo of any density, by TensorFlow Probability."""

import keras
import numpy as np

_STEP = 0.1  # the first one; what is tried next is ten times as long
_DEPTH = 4  # of the trees: trajectories of at most 16 steps, of a normal density about 4
_ACCEPTED = 0.8  # probability that the step is adapted to


class NoUTurnSampler:
    """Chains of Hamiltonian trajectories that end where they would turn back.

    Trajectories follow the no-U-turn rule, and their step is adapted to an acceptance of 0.8
    (Hoffman and Gelman, The No-U-Turn Sampler, 2014, algorithms 3 and 5), by
    `tensorflow_probability.mcmc`.

    Args:
        num_samples: Samples of each chain.
        num_burnin: Samples of each chain before these, which adapt the step.
        seed: Seed.

    Raises:
        NotImplementedError: On another backend than TensorFlow.
        ImportError: If TensorFlow Probability is not installed.
    """

    def __init__(self, num_samples, num_burnin, seed=0):
        self._mcmc = _tensorflow_probability().mcmc
        self.num_samples, self.num_burnin, self.seed = num_samples, num_burnin, seed

    def __call__(self, log_density, start):
        """Samples a density.

        Args:
            log_density: Function of positions `(num_chains, dimensions)`, in units in which the
                density is about as wide as a standard normal one; returns its logarithm
                `(num_chains,)` and the gradient `(num_chains, dimensions)`, as NumPy arrays.
            start: First positions.

        Returns:
            Positions `(num_samples, num_chains, dimensions)`, and the mean probability with which
            trajectories were accepted.
        """
        import tensorflow as tf

        @tf.custom_gradient
        def target(positions):
            value, slope = tf.numpy_function(log_density, [positions], [tf.float64, tf.float64])
            value.set_shape(positions.shape[:1])
            slope.set_shape(positions.shape)
            return value, lambda upstream: upstream[:, None] * slope

        trajectories = self._mcmc.NoUTurnSampler(target, np.float64(_STEP), max_tree_depth=_DEPTH)
        adapted = self._mcmc.DualAveragingStepSizeAdaptation(
            trajectories, self.num_burnin * 4 // 5, target_accept_prob=np.float64(_ACCEPTED)
        )
        # Traced: otherwise the bookkeeping of the trees takes longer than the density.
        positions, log_accepted = tf.function(self._mcmc.sample_chain, autograph=False)(
            self.num_samples,
            tf.constant(start),
            kernel=adapted,
            num_burnin_steps=self.num_burnin,
            trace_fn=lambda _, results: results.inner_results.log_accept_ratio,
            seed=[self.seed, 0],
        )
        return positions.numpy(), np.exp(np.minimum(log_accepted, 0.0)).mean()

    def diagnostics(self, samples):
        """R-hat of half chains and effective sample size, each `(dimensions,)`."""
        r_hat = self._mcmc.potential_scale_reduction(samples, split_chains=True)
        size = self._mcmc.effective_sample_size(samples, cross_chain_dims=1)
        return r_hat.numpy(), size.numpy()


def _tensorflow_probability():
    if keras.backend.backend() != "tensorflow":
        raise NotImplementedError(
            "Monte Carlo needs the TensorFlow backend, for TensorFlow Probability and float64. "
            f"Received: KERAS_BACKEND={keras.backend.backend()}"
        )
    try:
        import tensorflow_probability
    except ImportError as error:
        raise ImportError(
            "Monte Carlo needs TensorFlow Probability, which is not installed: "
            "pip install 'keras_solvers[probability]'"
        ) from error
    return tensorflow_probability
