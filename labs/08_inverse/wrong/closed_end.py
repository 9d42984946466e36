# score: 24-29
# caught by: solve_order solve_field
# Nothing leaves the river at its end.

# %% tags=["task:river"]
def matrix(dispersion, decay, river):
    """`A`, `(n + 1, n + 1)`."""
    n, h = river.cells, river.spacing
    spread = np.broadcast_to(dispersion, n) / h
    before, behind = spread + 0.5 * river.velocity, 0.5 * river.velocity - spread
    lengths = np.append(np.full(n, h), 0.5 * h)
    a = np.diag(lengths * np.broadcast_to(decay, n + 1))
    i = np.arange(n)
    a[i, i] += before  # F_i leaves point i ...
    a[i, i + 1] += behind
    a[i + 1, i] -= before  # ... and enters point i + 1
    a[i + 1, i + 1] -= behind
    a[0] = np.eye(n + 1)[0]
    return a


def right_side(river):
    """`b`, `(n + 1,)`."""
    b = river.spacing * river.load(river.x)
    b[0] = river.inlet
    b[-1] *= 0.5
    return b
