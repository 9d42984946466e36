# score: 79-84
# caught by: fit_far fit_unequal
# Three steps: near the minimum, not at it.

# %% tags=["task:fit"]
def fit(river, samples, first):
    """The `D` and `r` that minimise the misfit, `(2,)`, from the pair `first`."""

    def function(logarithms):
        dispersion, decay = np.exp(logarithms)
        value, by_dispersion, by_decay = misfit(dispersion, decay, river, samples)
        return value, [dispersion * np.sum(by_dispersion), decay * np.sum(by_decay)]

    options = {"maxiter": 3}
    found = minimize(function, np.log(first), jac=True, method="L-BFGS-B", options=options)
    return np.exp(found.x)
