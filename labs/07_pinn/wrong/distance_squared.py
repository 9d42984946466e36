# score: 91-91
# caught by: exact_reaches
# The distance vanishes with the square: slopes at the walls are prescribed too.

# %% tags=["task:exact"]
def exact(network):
    """A function of points `(n, 2)` that meets all conditions, made of any `network`."""

    def u(points):
        x, t = points[:, :1], points[:, 1:]
        return -tf.sin(np.pi * x) + t * (1.0 - x**2) ** 2 * network(points)

    return u
