# %% tags=["task:design_matrix"]
def design_matrix(x, degree):
    return np.vander(np.asarray(x), degree + 1, increasing=True)


# %% tags=["task:fit_polynomial"]
def fit_polynomial(x, y, degree, ridge=0.0):
    matrix = design_matrix(x, degree)
    normal = matrix.T @ matrix + ridge * np.eye(degree + 1)
    return np.linalg.solve(normal, matrix.T @ y)


# %% tags=["task:network"]
def build_network(seed):
    keras.utils.set_random_seed(seed)
    x = hidden = keras.Input((1,))
    for _ in range(3):
        hidden = keras.layers.Dense(28, activation="gelu")(hidden)
    return keras.Model(x, keras.layers.Dense(1)(hidden))


def fit_network(x, y, seed, epochs):
    network = build_network(seed)
    network.compile("adam", loss="mse")
    for rate in (0.01, 0.003, 0.0005):
        network.optimizer.learning_rate = rate
        network.fit(x[:, None], y[:, None], batch_size=20, epochs=epochs // 3, verbose=0)
    return network
