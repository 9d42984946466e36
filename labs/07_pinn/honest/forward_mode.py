# %% tags=["task:derivatives"]
def derivatives(u, points):
    def along(function, column):
        def slope(p):
            with tf.GradientTape() as tape:
                tape.watch(p)
                total = tf.reduce_sum(function(p))
            return tape.gradient(total, p)[:, column]

        return slope

    u_x = along(u, 0)
    return tf.squeeze(u(points), 1), u_x(points), along(u, 1)(points), along(u_x, 0)(points)


# %% tags=["task:exact"]
def exact(network):
    def u(points):
        x, t = tf.unstack(points, axis=1)
        values = (
            -tf.sin(np.pi * x) + (1.0 - tf.exp(-t)) * (x + 1.0) * (1.0 - x) * network(points)[:, 0]
        )
        return values[:, None]

    return u


# %% tags=["task:gauss_newton"]
def jacobian(residual, points, variables):
    def row(point):
        with tf.GradientTape(persistent=True) as tape:
            value = tf.reduce_sum(residual(tf.reshape(point, (1, -1))))
        parts = [tape.gradient(value, v) for v in variables]
        parts = [tf.zeros_like(v) if g is None else g for v, g in zip(variables, parts)]
        return tf.concat([[value], *(tf.reshape(part, [-1]) for part in parts)], axis=0)

    rows = tf.vectorized_map(row, points)
    return rows[:, 0], rows[:, 1:]


def damped_step(r, j, damping):
    n, m = j.shape
    if m > n:  # the same step from the smaller matrix
        return -j.T @ np.linalg.solve(j @ j.T + damping * np.eye(n), r)
    tall = np.vstack([j, np.sqrt(damping) * np.eye(m)])
    return np.linalg.lstsq(tall, np.concatenate([-r, np.zeros(m)]), rcond=None)[0]


def levenberg_marquardt(linearize, weights, num_steps, damping=1e-2):
    state, losses = (weights, *linearize(weights)), []
    for step in range(num_steps + 1):
        losses.append(float(np.dot(state[1], state[1])))
        if step == num_steps:
            break
        trial = state[0] + damped_step(state[1], state[2], damping)
        new = trial, *linearize(trial)
        better = np.dot(new[1], new[1]) < losses[-1]
        state, damping = (new, damping / 2) if better else (state, damping * 2)
    return state[0], np.array(losses)
