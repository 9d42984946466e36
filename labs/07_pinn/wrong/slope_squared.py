# score: 56-56
# caught by: derivatives
# u_xx is taken for the square of u_x.

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
    u_xx = u_x**2
    return values[:, 0], u_x, slopes[:, 1], u_xx
