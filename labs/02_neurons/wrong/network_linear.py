# score: 85-90
# caught by: network_structure network_quality
# No activation: two layers that are one matrix.

# %% tags=["task:network"]
def build_network(seed):
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(72),
            keras.layers.Dense(10),
        ]
    )


def fit_network(x, labels, seed, epochs):
    network = build_network(seed)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile("adam", loss)
    network.fit(x, labels, batch_size=32, epochs=epochs, verbose=0)
    return network
