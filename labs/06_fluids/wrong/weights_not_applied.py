# score: 83-83
# caught by: objective
# The weights are there, but the objective does without them.

# %% tags=["task:objective"]
def solid_weight(fluid):
    """`max(1, 4 - d)` of each cell of fluid, `(batch, n, m)`; of no meaning in solids."""
    solid = 1.0 - fluid[..., None]
    near = ops.max_pool(solid, 3, strides=1, padding="same")
    nearer = ops.max_pool(solid, 5, strides=1, padding="same")
    return (1.0 + near + nearer)[..., 0]


def objective(x, y):
    """`E` of each sample, `(batch,)`, in `keras.ops`."""
    outflow, fluid, p = x[..., 0], x[..., 1], y[..., 0]
    left = outflow - divergence(*gradient(p, faces(fluid)))
    return 0.5 * ops.sum(fluid * ops.square(left), axis=(1, 2))
