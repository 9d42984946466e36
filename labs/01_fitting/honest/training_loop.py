# %% tags=["task:design_matrix"]
def design_matrix(x, degree):
    columns = [np.ones(len(x))]
    for _ in range(degree):
        columns.append(columns[-1] * x)
    return np.array(columns).T


# %% tags=["task:choose_degree"]
def choose_degree(x, y, x_valid, y_valid, max_degree):
    def error(degree):
        values = np.polynomial.polynomial.polyval(x_valid, fit_polynomial(x, y, degree))
        return np.linalg.norm(values - y_valid) / np.sqrt(len(y_valid))

    errors = [error(degree) for degree in range(max_degree + 1)]
    return errors.index(min(errors)), np.array(errors)


# %% tags=["task:network"]
def build_network(seed):
    make = keras.initializers.HeNormal
    layers = [keras.Input((1,))]
    for i in range(3):
        layers.append(keras.layers.Dense(28, "gelu", kernel_initializer=make(seed + i)))
    return keras.Sequential([*layers, keras.layers.Dense(1, kernel_initializer=make(seed + 3))])


def fit_network(x, y, seed, epochs):
    network = build_network(seed)
    network.compile(keras.optimizers.Adam(0.01), loss="mse")
    rng = np.random.default_rng(seed)
    for epoch in range(epochs):
        network.optimizer.learning_rate = 0.01 * (1.0 - epoch / epochs)
        for batch in np.array_split(rng.permutation(len(x)), 12):
            network.train_on_batch(x[batch][:, None], y[batch][:, None])
    return network
