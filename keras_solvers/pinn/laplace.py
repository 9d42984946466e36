"""How well data determine the unknown coefficients of a coordinate network."""

import dataclasses

import numpy as np

from keras_solvers.pinn.optimizers.second_order import LeastSquares

_FLOOR = 1e-13  # share of the largest curvature below which a direction of the weights is ignored


@dataclasses.dataclass(frozen=True)
class CoefficientPosterior:
    """Coefficients that data leave possible: a normal distribution.

    Attributes:
        names: Names of the coefficients.
        mean: Their values, `(num_coefficients,)`.
        covariance: `(num_coefficients, num_coefficients)`.
    """

    names: tuple[str, ...]
    mean: np.ndarray
    covariance: np.ndarray

    @property
    def std(self):
        """Standard deviations, `{name: number}`."""
        return dict(zip(self.names, np.sqrt(np.diag(self.covariance)).tolist(), strict=True))

    def interval(self, level=0.95):
        """Bounds between which each coefficient lies with this probability, `{name: (a, b)}`."""
        from scipy.stats import norm

        half = norm.ppf(0.5 + 0.5 * level)
        means = dict(zip(self.names, self.mean.tolist(), strict=True))
        return {n: (means[n] - half * s, means[n] + half * s) for n, s in self.std.items()}


def laplace(model, points):
    """Laplace's approximation of the posterior of the coefficients of a trained `PINN`.

    Near its minimum the loss is `|r|^2 + |J d|^2` for weights that differ by `d`. If data have
    independent normal errors, whose variance is estimated from what they leave, the covariance of
    all weights and coefficients is `s (J^T J)^-1` with `s` the loss of the data over the number
    of data less that of the coefficients; the block of the coefficients is returned. It holds the
    doubt about the field, which is free between the data as far as its equation allows (MacKay,
    A practical Bayesian framework for backpropagation networks, 1992). It does not hold what
    repeats in all data, such as an error of the equation.

    Args:
        model: A `PINN` with coefficients, trained until its loss no longer falls, in float64.
        points: Points of its training.

    Raises:
        ValueError: If there are no coefficients, or not more data than coefficients.
    """
    noise = noise_scale(model, points)
    system = LeastSquares(model, points)
    *_, gram = system.linearize()
    chosen = coefficient_places(model)
    covariance = noise * _inverse_block(gram + np.tril(gram, -1).T, chosen)
    return CoefficientPosterior(tuple(model.coefficients), system.weights[chosen], covariance)


def noise_scale(model, points):
    """`s` of the likelihood `exp(-loss / 2 s)`, estimated from what the data leave.

    Raises:
        ValueError: If there are no coefficients, or not more data than coefficients.
    """
    conditions = model.problem.named_conditions()
    given = [name for name, c in conditions.items() if c.given is not None]
    num_data = sum(len(points[name]) for name in given)
    if not model.coefficients or num_data <= len(model.coefficients):
        raise ValueError(
            "The uncertainty of coefficients needs coefficients and more data than there are of "
            f"them. Received: {len(model.coefficients)} coefficients and {num_data} data"
        )
    misfit = LeastSquares(model, {name: points[name] for name in given}).loss()
    return misfit / (num_data - len(model.coefficients))


def coefficient_places(model):
    """Where the coefficients stand among all weights."""
    sizes = [int(np.prod(v.shape)) for v in model.trainable_variables]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    ours = {id(weight) for weight in model.coefficients.values()}
    return [starts[i] for i, v in enumerate(model.trainable_variables) if id(v) in ours]


def _inverse_block(matrix, chosen):
    """A block of the inverse: of what is left of it once all other directions are free."""
    others = np.setdiff1d(np.arange(len(matrix)), chosen)
    values, vectors = np.linalg.eigh(matrix[np.ix_(others, others)])
    kept = values > _FLOOR * values[-1]
    across = vectors[:, kept].T @ matrix[np.ix_(others, chosen)]
    reduced = matrix[np.ix_(chosen, chosen)] - across.T @ (across / values[kept, None])
    return np.linalg.inv(reduced)
