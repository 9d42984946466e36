"""The uncertainty of the unknown coefficients of a coordinate network, by Laplace."""

import dataclasses

import numpy as np

_MIN_CURVATURE = 1e-13  # relative to the largest; flatter directions of the weights are ignored


@dataclasses.dataclass(frozen=True)
class CoefficientPosterior:
    """The posterior of the coefficients: a normal distribution.

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
        """Credible intervals of this probability, `{name: (low, high)}`."""
        from scipy.stats import norm

        half = norm.ppf(0.5 + 0.5 * level)
        means = dict(zip(self.names, self.mean.tolist(), strict=True))
        return {n: (means[n] - half * s, means[n] + half * s) for n, s in self.std.items()}


def laplace(model, points):
    """Laplace's approximation of the posterior of the coefficients of a trained `PINN`.

    Near its minimum the loss is `|r|^2 + |J d|^2` for weights that differ by `d`. If data have
    independent normal errors, whose variance is estimated from their residuals, the covariance of
    all weights and coefficients is `s (J^T J)^-1` with `s` the loss of the data over the number
    of data less that of the coefficients; the block of the coefficients is returned. It includes
    the uncertainty of the field, which is free between the data as far as its equation allows
    (MacKay, A practical Bayesian framework for backpropagation networks, 1992). It does not include
    systematic errors, such as those of the equation.

    Args:
        model: A `PINN` with coefficients, trained until its loss no longer falls, in float64.
        points: Points of its training.

    Raises:
        ValueError: If there are no coefficients, or not more data than coefficients.
    """
    noise = noise_scale(model, points)
    system = model.least_squares(points)
    *_, gram = system.normal_equations()
    chosen = coefficient_indices(model)
    covariance = noise * _inverse_block(gram + np.tril(gram, -1).T, chosen)
    return CoefficientPosterior(tuple(model.coefficients), system.parameters[chosen], covariance)


def noise_scale(model, points):
    """`s` of the likelihood `exp(-loss / 2 s)`, estimated from the residuals of the data.

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
    misfit = model.least_squares({name: points[name] for name in given}).loss()
    return misfit / (num_data - len(model.coefficients))


def coefficient_indices(model):
    """Indices of the coefficients among the parameters of `PINN.least_squares`."""
    sizes = [int(np.prod(v.shape)) for v in model.trainable_variables]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    wanted = {id(weight) for weight in model.coefficients.values()}
    return [starts[i] for i, v in enumerate(model.trainable_variables) if id(v) in wanted]


def _inverse_block(matrix, chosen):
    """A block of the inverse of a matrix, by its Schur complement."""
    others = np.setdiff1d(np.arange(len(matrix)), chosen)
    values, vectors = np.linalg.eigh(matrix[np.ix_(others, others)])
    kept = values > _MIN_CURVATURE * values[-1]
    across = vectors[:, kept].T @ matrix[np.ix_(others, chosen)]
    reduced = matrix[np.ix_(chosen, chosen)] - across.T @ (across / values[kept, None])
    return np.linalg.inv(reduced)
