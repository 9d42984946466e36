# score: 75-75
# caught by: network_export network_structure network_quality
# A layer made of code, which does not load elsewhere.

# %% tags=["task:network"]
def build_network(seed):
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((1,)),
            keras.layers.Dense(32, activation="tanh"),
            keras.layers.Dense(32, activation="tanh"),
            keras.layers.Dense(1),
            keras.layers.Lambda(lambda y: 2.0 * y),
        ]
    )


def fit_network(x, y, seed, epochs):
    network = build_network(seed)
    steps = epochs * math.ceil(len(x) / 32)
    rate = keras.optimizers.schedules.CosineDecay(0.01, steps)
    network.compile(keras.optimizers.Adam(rate), loss="mse")
    network.fit(x[:, None], y[:, None], batch_size=32, epochs=epochs, verbose=0)
    return network
