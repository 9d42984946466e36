# score: 90-90
# caught by: cycle_converges
# The correction is taken away.

# %% tags=["task:multigrid"]
def half_sweep(b, p, weights, colour):
    """Relaxes the cells whose `i + j` is even (`colour` 0) or odd (1); leaves the others alone."""
    wx, wy = weights
    diagonal = wx[:, 1:] + wx[:, :-1] + wy[:, :, 1:] + wy[:, :, :-1]
    i, j = np.indices(p.shape[1:])
    chosen = ((i + j) % 2 == colour) * (diagonal > 0.0)
    return p + chosen * (b - operator(p, weights)) / np.where(diagonal > 0.0, diagonal, 1.0)


def cycle(b, p, weights, num_sweeps=1):
    """A better pressure after one V-cycle, `(batch, n, m)`; `n` and `m` are powers of two."""
    coarsest = min(p.shape[1:]) <= 2
    count = 4 if coarsest else num_sweeps
    for colour in count * (0, 1):
        p = half_sweep(b, p, weights, colour)
    if not coarsest:
        rest = sum_of_children(b - operator(p, weights))
        p = p - to_children(cycle(rest, np.zeros_like(rest), coarser(weights), num_sweeps))
    for colour in count * (1, 0):
        p = half_sweep(b, p, weights, colour)
    return p
