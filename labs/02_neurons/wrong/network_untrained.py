# score: 90-90
# caught by: network_quality
# The trained network is thrown away: a new one is returned.

# %% tags=["task:network"]
def build_network(seed):
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(72, activation="relu"),
            keras.layers.Dense(10),
        ]
    )


def fit_network(x, labels, seed, epochs):
    network = build_network(seed)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile("adam", loss)
    network.fit(x, labels, batch_size=32, epochs=epochs, verbose=0)
    network = build_network(seed)
    return network
