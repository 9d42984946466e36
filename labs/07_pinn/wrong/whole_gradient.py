# score: 60-60
# caught by: derivatives
# The outer tape differentiates u_x + u_t.

# %% tags=["task:derivatives"]
def derivatives(u, points):
    """`u`, `u_x`, `u_t` and `u_xx` at the points: four tensors `(n,)`."""
    with tf.GradientTape() as outer:
        outer.watch(points)
        with tf.GradientTape() as inner:
            inner.watch(points)
            values = u(points)
        slopes = inner.gradient(values, points)
        u_x = slopes[:, 0]
        both = slopes
    u_xx = outer.gradient(both, points)[:, 0]
    return values[:, 0], u_x, slopes[:, 1], u_xx
