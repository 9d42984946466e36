# %% tags=["task:fista"]
def fista(x, dictionary, penalty, num_steps):
    gram, right = dictionary.T @ dictionary, x @ dictionary
    lip = np.linalg.eigvalsh(gram)[-1]
    codes = [np.zeros_like(right), np.zeros_like(right)]
    ts = [1.0]
    for k in range(num_steps):
        momentum = 0.0 if k == 0 else (ts[-2] - 1.0) / ts[-1]
        z = codes[-1] + momentum * (codes[-1] - codes[-2])
        codes.append(soft_threshold(z - (z @ gram - right) / lip, penalty / lip))
        ts.append((1.0 + np.sqrt(1.0 + 4.0 * ts[-1] ** 2)) / 2.0)
    return codes[-1]


# %% tags=["task:train"]
def make_loss(dictionary, penalty):
    return lambda x, y: (
        ops.sum(ops.square(x - y @ ops.convert_to_tensor(dictionary.T, "float32")) / 2.0, -1)
        + penalty * ops.norm(y, ord=1, axis=-1)
    )


def train(network, patches, dictionary, penalty, epochs):
    network.compile(keras.optimizers.Adam(2e-3), loss=make_loss(dictionary, penalty))
    rng = np.random.default_rng(0)
    for epoch in range(epochs):
        network.optimizer.learning_rate = 2e-3 * (1.0 - epoch / epochs)
        for batch in np.array_split(rng.permutation(len(patches)), len(patches) // 100):
            network.train_on_batch(patches[batch], patches[batch])
