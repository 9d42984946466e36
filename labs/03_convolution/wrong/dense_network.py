# score: 84-94
# caught by: lenet_maps
# No convolution at all.

# %% tags=["task:lenet"]
def build_lenet(seed):
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(70, activation="relu"),
            keras.layers.Dense(50, activation="relu"),
            keras.layers.Dense(10),
        ]
    )


def train_lenet(x, y, seed, epochs):
    network = build_lenet(seed)
    rate = keras.optimizers.schedules.CosineDecay(0.002, epochs * math.ceil(len(x) / 32))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(rate), loss, jit_compile=False)
    network.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    return network
