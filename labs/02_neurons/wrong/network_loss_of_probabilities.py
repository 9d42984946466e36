# score: 85-92
# caught by: network_quality
# The network gives logits, but its loss takes them for probabilities.

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
    network.compile("adam", "sparse_categorical_crossentropy")
    network.fit(x, labels, batch_size=32, epochs=epochs, verbose=0)
    return network
