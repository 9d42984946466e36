# score: 80-86
# caught by: network_quality network_structure
# All layers are linear.

# %% tags=["task:network"]
def build_network(seed):
    keras.utils.set_random_seed(seed)
    layers = [keras.layers.Dense(32), keras.layers.Dense(32), keras.layers.Dense(1)]
    return keras.Sequential([keras.Input((1,)), *layers])


def fit_network(x, y, seed, epochs):
    network = build_network(seed)
    network.compile(keras.optimizers.Adam(0.01), loss="mse")
    network.fit(x[:, None], y[:, None], batch_size=32, epochs=epochs, verbose=0)
    return network
