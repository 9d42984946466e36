# score: 80-95
# caught by: network_structure
# Far more parameters than allowed.

# %% tags=["task:network"]
def build_network(seed):
    keras.utils.set_random_seed(seed)
    layers = [keras.layers.Dense(60, activation="tanh") for _ in range(2)]
    return keras.Sequential([keras.Input((1,)), *layers, keras.layers.Dense(1)])


def fit_network(x, y, seed, epochs):
    network = build_network(seed)
    steps = epochs * math.ceil(len(x) / 32)
    rate = keras.optimizers.schedules.CosineDecay(0.01, steps)
    network.compile(keras.optimizers.Adam(rate), loss="mse")
    network.fit(x[:, None], y[:, None], batch_size=32, epochs=epochs, verbose=0)
    return network
