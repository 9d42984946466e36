# score: 92-92
# caught by: divergence
# The divergence is not divided by the length of a cell.

# %% tags=["task:staggered"]
def divergence(u, v, cell_size=1.0):
    """Net outflow of each cell, `(batch, n, m)`."""
    return u[:, 1:] - u[:, :-1] + v[:, :, 1:] - v[:, :, :-1]


def faces(fluid):
    """Weights of the faces, shaped like `u` and `v`: 1 between two cells of fluid, else 0."""
    across = fluid[:, 1:] * fluid[:, :-1]
    upwards = fluid[:, :, 1:] * fluid[:, :, :-1]
    return ops.pad(across, ((0, 0), (1, 1), (0, 0))), ops.pad(upwards, ((0, 0), (0, 0), (1, 1)))


def gradient(p, weights, cell_size=1.0):
    """Weight times slope of the pressure on each face: a pair, shaped like `u` and `v`."""
    wide = ops.pad(p, ((0, 0), (1, 1), (0, 0)))
    tall = ops.pad(p, ((0, 0), (0, 0), (1, 1)))
    across, upwards = wide[:, 1:] - wide[:, :-1], tall[:, :, 1:] - tall[:, :, :-1]
    return weights[0] * across / cell_size, weights[1] * upwards / cell_size
