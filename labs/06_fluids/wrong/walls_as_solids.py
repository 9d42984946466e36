# score: 75-75
# caught by: solid_weight objective
# The walls of the box count as solids.

# %% tags=["task:objective"]
def solid_weight(fluid):
    """`max(1, 4 - d)` of each cell of fluid, `(batch, n, m)`; of no meaning in solids."""
    sides = ((0, 0), (2, 2), (2, 2), (0, 0))
    solid = ops.pad(1.0 - fluid[..., None], sides, constant_values=1.0)
    near = ops.max_pool(solid[:, 1:-1, 1:-1], 3, strides=1, padding="valid")
    nearer = ops.max_pool(solid, 5, strides=1, padding="valid")
    return (1.0 + near + nearer)[..., 0]


def objective(x, y):
    """`E` of each sample, `(batch,)`, in `keras.ops`."""
    outflow, fluid, p = x[..., 0], x[..., 1], y[..., 0]
    left = outflow - divergence(*gradient(p, faces(fluid)))
    return 0.5 * ops.sum(solid_weight(fluid) * fluid * ops.square(left), axis=(1, 2))
