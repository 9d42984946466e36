# score: 66-66
# caught by: faces objective
# The box is periodic: what leaves on the right comes in on the left.

# %% tags=["task:staggered"]
def divergence(u, v, cell_size=1.0):
    """Net outflow of each cell, `(batch, n, m)`."""
    return (u[:, 1:] - u[:, :-1] + v[:, :, 1:] - v[:, :, :-1]) / cell_size


def faces(fluid):
    """Weights of the faces, shaped like `u` and `v`: 1 between two cells of fluid, else 0."""
    across = fluid * ops.roll(fluid, 1, axis=1)
    upwards = fluid * ops.roll(fluid, 1, axis=2)
    return (
        ops.concatenate([across, across[:, :1]], axis=1),
        ops.concatenate([upwards, upwards[:, :, :1]], axis=2),
    )


def gradient(p, weights, cell_size=1.0):
    """Weight times slope of the pressure on each face: a pair, shaped like `u` and `v`."""
    wide = ops.concatenate([p[:, -1:], p, p[:, :1]], axis=1)
    tall = ops.concatenate([p[:, :, -1:], p, p[:, :, :1]], axis=2)
    across, upwards = wide[:, 1:] - wide[:, :-1], tall[:, :, 1:] - tall[:, :, :-1]
    return weights[0] * across / cell_size, weights[1] * upwards / cell_size
