# %% tags=["task:network"]
def closure_network(width, depth):
    inputs = {
        "tensors": keras.Input((2, 3, 3), name="tensors"),
        "scalars": keras.Input((2,), name="scalars"),
    }
    bounded = BoundedNorm(3.0)(inputs["tensors"])
    s, r = bounded[:, 0, :, :], bounded[:, 1, :, :]
    # One minus, so that nothing large is divided by anything large.
    place = 1.0 - ops.array([[50.0, 1.0]]) / (inputs["scalars"] + ops.array([[50.0, 1.0]]))
    hidden = ops.concatenate([place, invariants(s, r)], axis=-1)
    for number in range(depth):
        hidden = keras.layers.Dense(width, name=f"hidden_{number}")(hidden)
        hidden = keras.layers.Activation("silu")(hidden)
    coefficients = keras.layers.Dense(10, name="coefficients")(hidden)
    tensors = keras.layers.Reshape((10, 9))(basis(s, r))
    b = keras.layers.Dot(axes=(1, 1))([coefficients, tensors])
    return keras.Model(inputs, keras.layers.Reshape((3, 3))(b))


def train(network, x, b, weights, epochs):
    x, b, weights = repeated(x, b, weights, epochs)
    steps = np.ceil(len(b) / 64)
    network.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(5e-3, steps)),
        loss=keras.losses.MeanSquaredError(),
        steps_per_execution=16,
    )
    network.fit(x, b, sample_weight=weights, batch_size=64, epochs=1, verbose=0)


# %% tags=["task:channel"]
def shear_rate(closure, flow):
    drive = 1.0 - flow.y

    def residual(du_dy):
        b = np.asarray(closure(closure_inputs(du_dy, flow)), "float64")
        return flow.viscosity * du_dy - 2.0 * flow.k * b[:, 0, 1] - drive

    low, high = np.zeros(len(drive)), drive / flow.viscosity
    if (residual(low) > 1e-12).any() or (residual(high) < -1e-12).any():
        raise ValueError("no root between the bounds")
    du_dy = 0.5 * (low + high)
    for _ in range(120):
        f = residual(du_dy)
        low, high = np.where(f > 0.0, low, du_dy), np.where(f > 0.0, du_dy, high)
        step = 1e-4 * (high - low) + 1e-9
        newton = du_dy - f * step / (residual(du_dy + step) - f + 1e-300)
        inside = (newton > low) & (newton < high)
        du_dy = np.where(inside, 0.5 * (newton + 0.5 * (low + high)), 0.5 * (low + high))
    return du_dy


def velocity(du_dy, y):
    result = np.empty(len(y))
    result[0] = y[0] * du_dy[0]
    for i in range(1, len(y)):
        result[i] = result[i - 1] + (y[i] - y[i - 1]) * (du_dy[i] + du_dy[i - 1]) / 2.0
    return result
