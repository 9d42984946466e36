# score: 76-81
# caught by: fit fit_far fit_unequal
# The logarithms are handed back.

# %% tags=["task:fit"]
def fit(river, samples, first):
    """The `D` and `r` that minimise the misfit, `(2,)`, from the pair `first`."""

    def function(logarithms):
        dispersion, decay = np.exp(logarithms)
        value, by_dispersion, by_decay = misfit(dispersion, decay, river, samples)
        return value, [dispersion * np.sum(by_dispersion), decay * np.sum(by_decay)]

    options = {"ftol": 1e-13, "gtol": 1e-8}
    found = minimize(function, np.log(first), jac=True, method="L-BFGS-B", options=options)
    return found.x
