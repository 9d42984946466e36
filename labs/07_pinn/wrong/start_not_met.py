# score: 83-83
# caught by: exact_conditions
# The network is not multiplied by t.

# %% tags=["task:exact"]
def exact(network):
    """A function of points `(n, 2)` that meets all conditions, made of any `network`."""

    def u(points):
        x = points[:, :1]
        return -tf.sin(np.pi * x) + (1.0 - x**2) * network(points)

    return u
