# score: 83-83
# caught by: exact_conditions
# The condition at x = -1 is forgotten.

# %% tags=["task:exact"]
def exact(network):
    """A function of points `(n, 2)` that meets all conditions, made of any `network`."""

    def u(points):
        x, t = points[:, :1], points[:, 1:]
        return -tf.sin(np.pi * x) + t * (1.0 - x) * network(points)

    return u
