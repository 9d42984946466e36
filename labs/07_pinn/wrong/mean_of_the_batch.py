# score: 56-56
# caught by: derivatives
# The gradient of the mean: all derivatives are too small by the number of points.

# %% tags=["task:derivatives"]
def derivatives(u, points):
    """`u`, `u_x`, `u_t` and `u_xx` at the points: four tensors `(n,)`."""
    with tf.GradientTape() as outer:
        outer.watch(points)
        with tf.GradientTape() as inner:
            inner.watch(points)
            values = u(points)
        slopes = inner.gradient(tf.reduce_mean(values), points)
        u_x = slopes[:, 0]
    u_xx = outer.gradient(u_x, points)[:, 0]
    return values[:, 0], u_x, slopes[:, 1], u_xx
