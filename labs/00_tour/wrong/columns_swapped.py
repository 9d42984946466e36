# score: 85-85
# caught by: residual error_bound
# The columns of `x` are taken in the other order.

# %% tags=["task:kepler"]
def residual(x, y):
    return y - x[:, 0] * np.sin(y) - x[:, 1]


def error_bound(x, y):
    return np.abs(residual(x, y)) / (1.0 - x[:, 1])
