# score: 20-60
# caught by: soft_threshold ista fista
# The sign is lost.

# %% tags=["task:soft_threshold"]
def soft_threshold(u, threshold):
    """The minimiser of `(v - u)**2 / 2 + threshold * |v|` over `v`, entry by entry."""
    return np.maximum(np.abs(u) - threshold, 0.0)
