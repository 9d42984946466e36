# score: 91-91
# caught by: exact_reaches
# With the square of t, u_t is prescribed at the start.

# %% tags=["task:exact"]
def exact(network):
    """A function of points `(n, 2)` that meets all conditions, made of any `network`."""

    def u(points):
        x, t = points[:, :1], points[:, 1:]
        return -tf.sin(np.pi * x) + t**2 * (1.0 - x**2) * network(points)

    return u
