# score: 83-83
# caught by: gain minimum
# Trained on pressures of classic multigrid, by their squared error.

# %% tags=["task:train"]
def train(network, x, epochs):
    """Trains the network in place on the inputs `x`, `(num_flows, n, m, 2)`, without labels."""
    weights, b = geometry(x[..., 1]), -x[..., 0].astype("float64")
    p = np.zeros_like(b)
    for _ in range(8):
        p = cycle(b, p, weights)
    p = x[..., 1] * p
    rate = keras.optimizers.schedules.CosineDecay(0.05, epochs * len(x) // 8)
    network.compile(keras.optimizers.Adam(rate), loss="mse")
    network.fit(x, p[..., None], batch_size=8, epochs=epochs, verbose=0)
