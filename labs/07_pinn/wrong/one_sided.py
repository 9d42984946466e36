# score: 94-94
# caught by: rate
# Slopes to the right: first order.

# %% tags=["task:compare"]
def rate(values, viscosity):
    """`du/dt` of Burgers' equation by central differences, `(n,)`; zero at both ends."""
    h = 2.0 / (len(values) - 1)
    slope = (values[2:] - values[1:-1]) / h
    curvature = (values[2:] - 2.0 * values[1:-1] + values[:-2]) / h**2
    return np.pad(viscosity * curvature - values[1:-1] * slope, 1)


def break_even(error, seconds, training, classic):
    """Solves after which a network is repaid; `classic` is a list of `(error, seconds)`."""
    accurate = [time for other, time in classic if other <= error]
    saved = min(accurate, default=np.inf) - seconds
    return max(1.0, np.ceil(training / saved)) if saved > 0.0 else np.inf
