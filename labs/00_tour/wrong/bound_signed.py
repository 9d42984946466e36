# score: 90-90
# caught by: error_bound
# The bound has the sign of the residual, so it may be negative.

# %% tags=["task:kepler"]
def residual(x, y):
    return y - x[:, 1] * np.sin(y) - x[:, 0]


def error_bound(x, y):
    return residual(x, y) / (1.0 - x[:, 1])
