# score: 92-97
# caught by: fit_far
# The derivative to ln D is taken for that to D.

# %% tags=["task:fit"]
def fit(river, samples, first):
    """The `D` and `r` that minimise the misfit, `(2,)`, from the pair `first`."""

    def function(logarithms):
        dispersion, decay = np.exp(logarithms)
        value, by_dispersion, by_decay = misfit(dispersion, decay, river, samples)
        return value, [np.sum(by_dispersion), np.sum(by_decay)]

    options = {"ftol": 1e-13, "gtol": 1e-8}
    found = minimize(function, np.log(first), jac=True, method="L-BFGS-B", options=options)
    return np.exp(found.x)
