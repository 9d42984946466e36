# %% tags=["task:staggered"]
def divergence(u, v, cell_size=1.0):
    out = ops.roll(u, -1, axis=1) - u, ops.roll(v, -1, axis=2) - v
    return (out[0][:, :-1] + out[1][:, :, :-1]) / cell_size


def faces(fluid):
    framed = ops.pad(fluid, ((0, 0), (1, 1), (1, 1)))  # solid all around
    wx = framed[:, 1:, 1:-1] * framed[:, :-1, 1:-1]
    return wx, framed[:, 1:-1, 1:] * framed[:, 1:-1, :-1]


def gradient(p, weights, cell_size=1.0):
    framed = ops.pad(p, ((0, 0), (1, 1), (1, 1)))
    gx = (framed - ops.roll(framed, 1, axis=1))[:, 1:, 1:-1]
    gy = (framed - ops.roll(framed, 1, axis=2))[:, 1:-1, 1:]
    return weights[0] * gx / cell_size, weights[1] * gy / cell_size


# %% tags=["task:objective"]
def solid_weight(fluid):
    # The smallest distance to a solid grows by one with each erosion of the fluid.
    near = -ops.max_pool(-fluid[..., None], 3, strides=1, padding="same")
    nearer = -ops.max_pool(-near, 3, strides=1, padding="same")
    return 3.0 - near[..., 0] - nearer[..., 0]


def objective(x, y):
    outflow, fluid = ops.unstack(x, axis=-1)
    gx, gy = gradient(ops.squeeze(y, -1), faces(fluid))
    squares = solid_weight(fluid) * (fluid * (outflow - divergence(gx, gy))) ** 2
    return ops.sum(ops.reshape(squares, (-1, x.shape[1] * x.shape[2])), axis=-1) / 2.0


# %% tags=["task:train"]
def train(network, x, epochs):
    solver = NeuralSolver(network, Handmade())
    solver.compile(keras.optimizers.Nadam(0.04, clipnorm=10.0))
    slower = keras.callbacks.LearningRateScheduler(lambda k: 0.04 * (1.0 - k / epochs) + 1e-4)
    solver.fit(x, batch_size=6, epochs=epochs, callbacks=[slower], verbose=0)
