# score: 0-99
# caught by: fit_far
# The coefficients themselves are searched for, and become negative.

# %% tags=["task:fit"]
def fit(river, samples, first):
    """The `D` and `r` that minimise the misfit, `(2,)`, from the pair `first`."""

    def function(pair):
        value, by_dispersion, by_decay = misfit(*pair, river, samples)
        return value, [np.sum(by_dispersion), np.sum(by_decay)]

    options = {"ftol": 1e-13, "gtol": 1e-8}
    return minimize(function, first, jac=True, method="L-BFGS-B", options=options).x
