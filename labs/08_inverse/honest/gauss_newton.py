# %% tags=["task:fit"]
def fit(river, samples, first):
    places, values, sigma = samples.T
    h_matrix = sampled(river, places)

    def deviations(logarithms):
        return (h_matrix @ solve(*np.exp(logarithms), river) - values) / sigma

    tight = {"xtol": 1e-14, "ftol": 1e-14, "gtol": 1e-12}
    return np.exp(least_squares(deviations, np.log(first), "3-point", **tight).x)


# %% tags=["task:uncertainty"]
def covariance(dispersion, decay, river, samples, prior=np.inf):
    a = matrix(dispersion, decay, river)
    c = np.linalg.solve(a, right_side(river))
    # A dc = -(dA) c, one equation for each logarithm
    changes = [
        matrix(2.0 * dispersion, decay, river) - a,
        matrix(dispersion, 2.0 * decay, river) - a,
    ]
    columns = -np.linalg.solve(a, np.stack([change @ c for change in changes], axis=1))
    s = sampled(river, samples[:, 0]) @ columns
    information = np.einsum("ki,kj,k->ij", s, s, samples[:, 2] ** -2.0)
    return np.linalg.inv(information + np.diag([prior**-2.0, prior**-2.0]))


def interval(value, std, level):
    return tuple(np.exp(norm.interval(level, np.log(value), std)))


def weakest(covariance):
    u, s, _ = np.linalg.svd(covariance)
    return -u[:, 0], s[0] ** 0.5
