# score: 83-93
# caught by: lenet_structure
# A softmax at the end, and a loss that expects logits.

# %% tags=["task:lenet"]
def build_lenet(seed):
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.ZeroPadding2D(2),
            keras.layers.Conv2D(6, 5, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(16, 5, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(120, activation="relu"),
            keras.layers.Dense(84, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


def train_lenet(x, y, seed, epochs):
    network = build_lenet(seed)
    rate = keras.optimizers.schedules.CosineDecay(0.002, epochs * math.ceil(len(x) / 32))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(rate), loss, jit_compile=False)
    network.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    return network
