# %% tags=["task:shifts"]
def max_pool(image, size):
    rows, columns = image.shape[0] // size, image.shape[1] // size
    pooled = np.empty((rows, columns, image.shape[2]))
    for r in range(rows):
        for s in range(columns):
            block = image[size * r : size * (r + 1), size * s : size * (s + 1)]
            pooled[r, s] = block.max(axis=0).max(axis=0)
    return pooled


def equivariance_defect(function, image, shift, stride=1, margin=0):
    maps, moved = function(image), function(np.roll(image, shift, 1))
    back = np.roll(moved, -(shift // stride), 1)  # the same difference, read from the other side
    columns = (np.arange(margin, maps.shape[1] - margin) - shift // stride) % maps.shape[1]
    return np.abs(back - maps)[:, columns].max() / np.abs(maps).max()


# %% tags=["task:lenet"]
class Builder:
    """Blocks of layers, as networks inside of the network."""

    def __init__(self, seed):
        self.seed = seed

    def kernel(self):
        self.seed += 1
        return keras.initializers.HeNormal(self.seed)

    def block(self, filters):
        return keras.Sequential(
            [
                keras.layers.Conv2D(filters, 5, kernel_initializer=self.kernel()),
                keras.layers.ReLU(),
                keras.layers.MaxPooling2D(),
            ]
        )

    def dense(self, units):
        return keras.layers.Dense(units, kernel_initializer=self.kernel())

    def network(self):
        network = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.ZeroPadding2D(2)])
        for layer in (self.block(6), self.block(16), keras.layers.Flatten()):
            network.add(layer)
        for units in (120, 84):
            network.add(self.dense(units))
            network.add(keras.layers.Activation("relu"))
        network.add(self.dense(10))
        return network


def build_lenet(seed):
    return Builder(seed).network()


def train_lenet(x, y, seed, epochs):
    class Falling(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.model.optimizer.learning_rate = 0.003 * 0.6**epoch

    keras.utils.set_random_seed(seed)
    network = build_lenet(seed)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Nadam(), loss, jit_compile=False)
    labels = keras.utils.to_categorical(y, 10)
    network.fit(x, labels, batch_size=32, epochs=epochs, verbose=0, callbacks=[Falling()])
    return network
