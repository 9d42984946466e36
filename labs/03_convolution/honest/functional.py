# %% tags=["task:correlate"]
def correlate(image, kernel, padding="valid"):
    if padding == "same":
        frame = [(n // 2, n // 2) for n in kernel.shape[:2]]
        image = np.pad(image, [*frame, (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape[:2], axis=(0, 1))
    return np.tensordot(windows, kernel, axes=[(3, 4, 2), (0, 1, 2)])


# %% tags=["task:kernels"]
def box_kernel(size):
    return np.ones((size, size)) / (size * size)


def sharpen_kernel(strength):
    kernel = np.full((3, 3), -strength / 9.0)
    kernel[1, 1] = 1.0 + 8.0 / 9.0 * strength
    return kernel


def edge_kernel():
    return np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 8


# %% tags=["task:lenet"]
def build_lenet(seed):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((28, 28, 1))
    x = keras.layers.Conv2D(8, 5, activation="gelu")(inputs)
    x = keras.layers.AveragePooling2D(2)(x)
    x = keras.layers.Conv2D(20, 5, activation="gelu")(x)
    x = keras.layers.MaxPooling2D(2)(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(100, activation="gelu")(x)
    return keras.Model(inputs, keras.layers.Dense(10)(x))


def train_lenet(x, y, seed, epochs):
    network = build_lenet(seed)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile("adam", loss, jit_compile=False)
    for epoch in range(epochs):
        network.optimizer.learning_rate = 0.004 * (1.0 - epoch / epochs)
        network.fit(x, y, batch_size=32, epochs=1, verbose=0)
    return network
