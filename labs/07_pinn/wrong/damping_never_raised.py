# score: 85-85
# caught by: damping
# The same trial again and again.

# %% tags=["task:gauss_newton"]
def jacobian(residual, points, variables):
    """Residuals `(n,)` and their Jacobian `(n, num_weights)`, tensors.

    `residual` is a function of points, `(n, columns)` to `(n,)`; `variables` are `tf.Variable`s.
    """

    def at_point(point):
        with tf.GradientTape() as tape:
            value = residual(point[None])[0]
        parts = tape.gradient(value, variables, unconnected_gradients="zero")
        return value, tf.concat([tf.reshape(part, [-1]) for part in parts], axis=0)

    return tf.vectorized_map(at_point, points)


def damped_step(r, j, damping):
    """The minimum of `|r + j d|^2 + damping |d|^2`, `(num_weights,)`."""
    return -np.linalg.solve(j.T @ j + damping * np.eye(j.shape[1]), j.T @ r)


def levenberg_marquardt(linearize, weights, num_steps, damping=1e-2):
    """The weights after `num_steps` trials, and the losses, `(num_steps + 1,)`, the first first."""
    r, j = linearize(weights)
    losses = [r @ r]
    for _ in range(num_steps):
        trial = weights + damped_step(r, j, damping)
        new_r, new_j = linearize(trial)
        if new_r @ new_r < losses[-1]:  # false if it is not a number
            weights, r, j, damping = trial, new_r, new_j, damping / 2.0
        else:
            pass
        losses.append(r @ r)
    return weights, np.array(losses)
