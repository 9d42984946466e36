# %% tags=["task:ball"]
def ball_volume(dimension):
    if dimension < 2:
        return (1.0, 2.0)[dimension]
    return ball_volume(dimension - 2) * 2.0 * math.pi / dimension


def ball_share(dimension, num_samples, seed):
    np.random.seed(seed)
    inside = 0
    for size in np.full(10, num_samples // 10):
        points = 2.0 * np.random.random((size, dimension)) - 1.0
        inside += np.sum(np.linalg.norm(points, axis=-1) <= 1.0)
    return inside / num_samples


# %% tags=["task:network"]
def build_network(seed):
    keras.utils.set_random_seed(seed)
    wide = {"activation": "swish", "kernel_initializer": "he_normal"}
    network = keras.Sequential()
    network.add(keras.Input((1,)))
    network.add(keras.layers.Dense(24, **wide))
    network.add(keras.layers.Dense(24, **wide))
    network.add(keras.layers.Dense(24, **wide))
    network.add(keras.layers.Dense(1))
    return network


def fit_network(x, y, seed, epochs):
    class Falling(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.model.optimizer.learning_rate = 0.01 * 0.95**epoch

    network = build_network(seed)
    network.compile("nadam", "mse")
    network.fit(x[:, None], y[:, None], epochs=epochs, verbose=0, callbacks=[Falling()])
    return network
