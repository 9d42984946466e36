# score: 91-91
# caught by: exact_reaches
# The distance vanishes at x = 0 as well.

# %% tags=["task:exact"]
def exact(network):
    """A function of points `(n, 2)` that meets all conditions, made of any `network`."""

    def u(points):
        x, t = points[:, :1], points[:, 1:]
        return -tf.sin(np.pi * x) + t * x * (1.0 - x**2) * network(points)

    return u
