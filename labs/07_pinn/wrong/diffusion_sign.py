# score: 80-80
# caught by: residual
# Heat flows from cold to warm.

# %% tags=["task:residual"]
def residual(u, points, viscosity):
    """What `u` leaves of Burgers' equation at the points: a tensor `(n,)`."""
    value, u_x, u_t, u_xx = derivatives(u, points)
    return u_t + value * u_x + viscosity * u_xx


def soft_loss(u, inside, start, sides, viscosity, weight):
    """`E`, with `weight` for the two conditions: a scalar tensor."""
    first = u(start)[:, 0] + tf.sin(np.pi * start[:, 0])
    conditions = tf.reduce_mean(first**2) + tf.reduce_mean(u(sides) ** 2)
    return tf.reduce_mean(residual(u, inside, viscosity) ** 2) + weight * conditions
