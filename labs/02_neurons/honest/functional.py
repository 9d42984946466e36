# %% tags=["task:neuron"]
def weighted_sum(x, weights, bias):
    return np.einsum("ni,io->no", x, weights) + bias[None]


def relu(z):
    return z * (z > 0.0)


# %% tags=["task:softmax"]
def softmax(logits):
    from scipy.special import softmax as scipy_softmax

    return scipy_softmax(logits, axis=-1)


def cross_entropy(logits, labels):
    from scipy.special import logsumexp

    true = np.eye(logits.shape[1], dtype=bool)[labels]
    return float(np.mean(logsumexp(logits, axis=1) - logits[true]))


# %% tags=["task:network"]
def build_network(seed):
    keras.utils.set_random_seed(seed)
    image = keras.Input((28, 28, 1))
    hidden = keras.layers.Flatten()(image)
    for _ in range(2):
        hidden = keras.layers.Dense(64, activation="gelu")(hidden)
    return keras.Model(image, keras.layers.Dense(10)(hidden))


def fit_network(x, labels, seed, epochs):
    network = build_network(seed)
    steps = epochs * -(-len(x) // 64)
    network.compile(
        keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(0.003, steps)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    network.fit(x, labels, batch_size=64, epochs=epochs, verbose=0)
    return network
