# score: 90-90
# caught by: network_export network_structure
# A layer made of code, which does not load elsewhere.

# %% tags=["task:network"]
def build_network(seed):
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Lambda(lambda pixels: 2.0 * pixels),
            keras.layers.Dense(72, activation="relu"),
            keras.layers.Dense(10),
        ]
    )


def fit_network(x, labels, seed, epochs):
    network = build_network(seed)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile("adam", loss)
    network.fit(x, labels, batch_size=32, epochs=epochs, verbose=0)
    return network
