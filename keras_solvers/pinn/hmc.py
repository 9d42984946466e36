"""The posterior of the unknown coefficients of a coordinate network, by Monte Carlo."""

import dataclasses
import warnings

import numpy as np

from keras_solvers.numerics.no_u_turn import NoUTurnSampler
from keras_solvers.pinn.laplace import laplace, noise_scale
from keras_solvers.pinn.profile import ProfileLoss

_TOLERANCE = 0.02  # error of loss over noise: 0.01 in the logarithm of the density
_MAX_R_HAT = 1.05  # of chains that have mixed


@dataclasses.dataclass(frozen=True)
class SampledPosterior:
    """The posterior of the coefficients: samples.

    Attributes:
        names: Names of the coefficients.
        samples: `(num_samples, num_chains, num_coefficients)`.
        acceptance_rate: Mean probability with which a trajectory is accepted.
        r_hat: Potential scale reduction factor, `{name: number}`: one, if the chains agree (Gelman
            and Rubin, Inference from iterative simulation using multiple sequences, 1992).
        effective_sample_size: Number of independent samples of equal worth, `{name: number}`.
    """

    names: tuple[str, ...]
    samples: np.ndarray
    acceptance_rate: float
    r_hat: dict
    effective_sample_size: dict

    @property
    def mean(self):
        """`(num_coefficients,)`."""
        return self._rows.mean(0)

    @property
    def covariance(self):
        """`(num_coefficients, num_coefficients)`."""
        return np.atleast_2d(np.cov(self._rows.T))

    @property
    def std(self):
        """Standard deviations, `{name: number}`."""
        return dict(zip(self.names, np.sqrt(np.diag(self.covariance)).tolist(), strict=True))

    def interval(self, level=0.95):
        """Credible intervals of this probability, with equal tails, `{name: (low, high)}`."""
        ends = np.quantile(self._rows, (0.5 - 0.5 * level, 0.5 + 0.5 * level), axis=0)
        return dict(zip(self.names, map(tuple, ends.T.tolist()), strict=True))

    @property
    def _rows(self):
        return self.samples.reshape(-1, len(self.names))


def hmc(model, points, *, num_chains=4, num_samples=500, num_burnin=100, seed=0):
    """Samples of the posterior of the coefficients of a trained `PINN`, which need not be normal.

    The density is `exp(-P(c) / 2 s)` with the noise `s` of `laplace` and the profile
    `P(c) = min_w L(w, c)` of the loss, in which the network follows the coefficients: its weights
    have many directions that neither the data nor the equation determine, whose volume would
    change with the coefficients. The prior of a coefficient is flat; a positive one is written as
    `np.exp(c)`. Where the equation and its conditions determine the field, this is the posterior;
    where a part of the field is free too, that part is maximised over for each `c`, not averaged.

    Hamiltonian trajectories in coordinates in which Laplace's approximation is a standard normal
    density, and chains that start from it; their length is chosen by the no-U-turn rule (Hoffman
    and Gelman, The No-U-Turn Sampler, 2014). A few dozen Gauss-Newton steps of the network are
    enough for one coefficient, and more for several, where `laplace` takes a single one.

    Needs TensorFlow Probability: `pip install 'keras_solvers[probability]'`.

    Args:
        model: As in `laplace`.
        points: Points of its training.
        num_chains: Number of chains.
        num_samples: Samples of each chain.
        num_burnin: Samples of each chain before these, which find the length of a step.
        seed: Seed.

    Returns:
        A `SampledPosterior`. A `RuntimeWarning` tells if its chains have not mixed.

    Raises:
        ValueError: As `laplace`.
        NotImplementedError: On another backend than TensorFlow.
        ImportError: If TensorFlow Probability is not installed.
    """
    sampler = NoUTurnSampler(num_samples, num_burnin, seed)
    normal, noise = laplace(model, points), noise_scale(model, points)
    root = np.linalg.cholesky(normal.covariance)
    trained = model.get_weights()
    profile = ProfileLoss(model, points, _TOLERANCE * noise)
    least = profile(normal.mean)[0]

    def log_density(positions):
        """`(num_chains,)` and its gradient, at `(num_chains, num_coefficients)`."""
        found = [profile(normal.mean + root @ z) for z in positions]
        losses, gradients = (np.stack(part) for part in zip(*found, strict=True))
        return (least - losses) / (2.0 * noise), gradients @ root / (-2.0 * noise)

    start = np.random.default_rng(seed).standard_normal((num_chains, len(normal.names)))
    try:
        positions, accepted = sampler(log_density, start)
    finally:
        model.set_weights(trained)
    samples = normal.mean + positions @ root.T
    r_hat, size = sampler.diagnostics(samples)
    if not np.all(r_hat < _MAX_R_HAT):  # false for NaN too, of a chain that never moved
        warnings.warn(
            f"The chains have not mixed: R-hat is up to {r_hat.max():.3g}, and should be below "
            f"{_MAX_R_HAT}. Take more samples; if it stays, the data do not bound a coefficient, "
            "or the network cannot follow it.",
            RuntimeWarning,
            stacklevel=2,
        )
    named = (dict(zip(normal.names, numbers.tolist(), strict=True)) for numbers in (r_hat, size))
    return SampledPosterior(normal.names, samples, float(accepted), *named)
