# score: 91-96
# caught by: interval coverage
# The level is taken below the upper bound alone.

# %% tags=["task:uncertainty"]
def covariance(dispersion, decay, river, samples, prior=np.inf):
    """Of `(ln D, ln r)`, `(2, 2)`."""
    h_matrix, sigma = sampled(river, samples[:, 0]), samples[:, 2]
    columns = []
    for step in 1e-4 * np.eye(2):
        high, low = (np.exp(sign * step) * (dispersion, decay) for sign in (1.0, -1.0))
        columns.append(h_matrix @ (solve(*high, river) - solve(*low, river)) / 2e-4 / sigma)
    scaled = np.stack(columns, axis=1)
    return np.linalg.inv(scaled.T @ scaled + np.eye(2) / prior**2)


def interval(value, std, level):
    """Bounds of a coefficient, a pair, from the standard deviation of its logarithm."""
    half = norm.ppf(level) * std
    return value * np.exp(-half), value * np.exp(half)


def weakest(covariance):
    """The direction of which least is known, of length 1, `(2,)`, and the deviation along it."""
    values, vectors = np.linalg.eigh(covariance)
    return vectors[:, -1], np.sqrt(values[-1])
