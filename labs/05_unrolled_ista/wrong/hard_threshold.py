# score: 20-55
# caught by: soft_threshold ista fista
# Small entries become zero, but the others do not move.

# %% tags=["task:soft_threshold"]
def soft_threshold(u, threshold):
    """The minimiser of `(v - u)**2 / 2 + threshold * |v|` over `v`, entry by entry."""
    return np.where(np.abs(u) > threshold, u, 0.0)
