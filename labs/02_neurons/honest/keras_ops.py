# %% tags=["task:neuron"]
def weighted_sum(x, weights, bias):
    return keras.ops.convert_to_numpy(keras.ops.add(keras.ops.matmul(x, weights), bias))


def relu(z):
    return keras.ops.convert_to_numpy(keras.ops.relu(z))


# %% tags=["task:softmax"]
def softmax(logits):
    return keras.ops.convert_to_numpy(keras.ops.softmax(keras.ops.array(logits), axis=-1))


def cross_entropy(logits, labels):
    logits = keras.ops.array(logits)
    chosen = keras.ops.take_along_axis(logits, np.asarray(labels)[:, None], axis=1)
    return float(keras.ops.mean(keras.ops.logsumexp(logits, axis=1) - chosen[:, 0]))


# %% tags=["task:backward"]
def numerical_gradient(function, array, step=1e-5):
    # Changes the array in place and restores each entry: no copies of a large array.
    slopes = np.empty_like(array)
    flat, out = array.reshape(-1), slopes.reshape(-1)
    if not np.shares_memory(flat, array):
        return numerical_gradient(lambda a: function(a), array.copy(), step)
    for i in range(flat.size):
        old = flat[i]
        flat[i] = old + step
        above = function(array)
        flat[i] = old - step
        out[i] = (above - function(array)) / (2 * step)
        flat[i] = old
    return slopes


def backward(parameters, x, hidden, probabilities, labels):
    ops = keras.ops
    classes = probabilities.shape[1]
    true = ops.one_hot(labels, classes, dtype="float64")
    error = (ops.array(probabilities) - true) / len(labels)
    active = ops.cast(ops.array(hidden) > 0, "float64")
    error_hidden = ops.matmul(error, ops.transpose(parameters["w2"])) * active
    gradients = {
        "w1": ops.matmul(ops.transpose(x), error_hidden),
        "b1": ops.sum(error_hidden, axis=0),
        "w2": ops.matmul(ops.transpose(hidden), error),
        "b2": ops.sum(error, axis=0),
    }
    return {name: ops.convert_to_numpy(value) for name, value in gradients.items()}


# %% tags=["task:network"]
def build_network(seed):
    image = keras.Input((28, 28, 1))
    x = keras.ops.reshape(image, (-1, 784))
    make = keras.initializers.HeNormal
    x = keras.layers.Dense(64, kernel_initializer=make(seed))(x)
    x = keras.ops.relu(x)
    x = keras.layers.Dense(10, kernel_initializer=make(seed + 1))(x)
    return keras.Model(image, x)


def fit_network(x, labels, seed, epochs):
    rng = np.random.default_rng(seed)
    network = build_network(seed)
    network.compile("nadam", keras.losses.CategoricalCrossentropy(from_logits=True))
    targets = np.eye(10, dtype="float32")[labels]
    for _ in range(epochs):
        # Moved copies: what the network is to overlook.
        steps = rng.integers(-1, 2, (len(x), 2))
        images = np.stack([np.roll(image, step, (0, 1)) for image, step in zip(x, steps)])
        network.fit(images, targets, batch_size=32, epochs=1, verbose=0)
    return network
