# score: 90-90
# caught by: error_bound
# The residual is taken for the error.

# %% tags=["task:kepler"]
def residual(x, y):
    return y - x[:, 1] * np.sin(y) - x[:, 0]


def error_bound(x, y):
    return np.abs(residual(x, y))
