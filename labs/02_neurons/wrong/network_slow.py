# score: 90-93
# caught by: network_quality
# Gradient descent with the rate that Keras takes if none is given, and large batches.

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
    network.compile("sgd", loss)
    network.fit(x, labels, batch_size=256, epochs=epochs, verbose=0)
    return network
