# score: 85-85
# caught by: fista
# The extrapolated point is returned.

# %% tags=["task:fista"]
def fista(x, dictionary, penalty, num_steps):
    """The code `y` after `num_steps` accelerated steps, shape `(batch, num_atoms)`."""
    step = 1.0 / lipschitz(dictionary)
    y = z = np.zeros((len(x), dictionary.shape[1]))
    t = 1.0
    for _ in range(num_steps):
        gradient = (z @ dictionary.T - x) @ dictionary
        y, previous = soft_threshold(z - step * gradient, step * penalty), y
        t, earlier = 0.5 * (1.0 + np.sqrt(1.0 + 4.0 * t**2)), t
        z = y + (earlier - 1.0) / t * (y - previous)
    return z
