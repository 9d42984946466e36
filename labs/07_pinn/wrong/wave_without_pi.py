# score: 92-92
# caught by: exact_conditions
# -sin(x) at the start, which is not zero at the sides.

# %% tags=["task:exact"]
def exact(network):
    """A function of points `(n, 2)` that meets all conditions, made of any `network`."""

    def u(points):
        x, t = points[:, :1], points[:, 1:]
        return -tf.sin(x) + t * (1.0 - x**2) * network(points)

    return u
