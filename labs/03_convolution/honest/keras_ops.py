# %% tags=["task:correlate"]
def correlate(image, kernel, padding="valid"):
    image, kernel = (keras.ops.convert_to_tensor(a, "float64") for a in (image, kernel))
    return np.asarray(keras.ops.conv(image[None], kernel, padding=padding)[0])


# %% tags=["task:counts"]
def convolution_parameters(size, channels, filters):
    layer = keras.layers.Conv2D(filters, size)
    layer.build((None, None, None, channels))
    return layer.count_params()


def dense_parameters(input_shape, output_shape):
    layer = keras.layers.Dense(int(np.prod(output_shape)))
    layer.build((None, int(np.prod(input_shape))))
    return layer.count_params()


def receptive_field(layers):
    field = 1
    for size, stride in reversed(layers):
        field = (field - 1) * stride + size
    return field


# %% tags=["task:shifts"]
def max_pool(image, size):
    image = keras.ops.convert_to_tensor(image, "float64")
    return np.asarray(keras.ops.max_pool(image[None], size, padding="valid")[0])


def equivariance_defect(function, image, shift, stride=1, margin=0):
    moved = function(np.roll(image, shift, axis=1))
    maps = function(image)
    difference = keras.ops.abs(moved - keras.ops.roll(maps, shift // stride, axis=1))
    inner = difference[:, margin : maps.shape[1] - margin]
    return float(keras.ops.max(inner) / keras.ops.max(keras.ops.abs(maps)))


# %% tags=["task:lenet"]
def build_lenet(seed):
    keras.utils.set_random_seed(seed)
    images = keras.Input((28, 28, 1))
    x = keras.ops.pad(images, [[0, 0], [2, 2], [2, 2], [0, 0]])
    for filters in (6, 16):
        x = keras.ops.relu(keras.layers.Conv2D(filters, 5)(x))
        x = keras.ops.max_pool(x, 2)
    x = keras.ops.reshape(x, (-1, 400))
    for units in (120, 84):
        x = keras.ops.relu(keras.layers.Dense(units)(x))
    return keras.Model(images, keras.layers.Dense(10)(x))


def train_lenet(x, y, seed, epochs):
    network = build_lenet(seed)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(), loss, jit_compile=False)
    order, step, steps = np.random.default_rng(seed), 0, epochs * (len(x) // 32)
    for _ in range(epochs):
        for batch in np.array_split(order.permutation(len(x)), len(x) // 32):
            network.optimizer.learning_rate = 0.003 * (1.0 - step / steps)
            network.train_on_batch(x[batch], y[batch])
            step += 1
    return network
