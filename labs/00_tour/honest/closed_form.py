# %% tags=["task:iterations"]
def fixed_point(x, num_steps):
    y = np.array(x[:, 0])
    while num_steps > 0:
        y = np.add(x[:, 0], np.multiply(x[:, 1], np.sin(y)))
        num_steps -= 1
    return y


def newton(x, initial_guess, num_steps):
    y = np.copy(initial_guess(x))
    for _ in range(num_steps):
        slope = 1.0 - x[:, 1] * np.cos(y)
        y -= residual(x, y) / slope
    return y


# %% tags=["task:guess"]
def solved_samples(num_samples, max_eccentricity, seed):
    state = np.random.RandomState(seed % 2**32)
    y = state.uniform(0, 2 * np.pi, size=num_samples)
    e = state.uniform(0, max_eccentricity, size=num_samples)
    return np.vstack([y - e * np.sin(y), e]).T, y


def features(x):
    # The guess of first order, bent again: sines of the answer of one step of the fixed point.
    mean_anomaly, e = x[:, 0], x[:, 1]
    better = mean_anomaly + e * np.sin(mean_anomaly)
    waves = np.sin(np.outer(better, np.arange(1, 9)))
    powers = np.stack([e**i for i in range(1, 6)], axis=1)
    return np.einsum("ni,nj->nij", waves, powers).reshape(-1, 40)


def train(x, y):
    matrix, right = features(x), y - x[:, 0]
    triangle = np.linalg.qr(np.column_stack([matrix, right]), mode="r")
    return np.linalg.solve(triangle[:-1, :-1], triangle[:-1, -1])


# %% tags=["task:break_even"]
def break_even(training_seconds, seconds, classic_seconds, batch_size):
    with np.errstate(divide="ignore", invalid="ignore"):
        count = np.float64(training_seconds) / ((classic_seconds - seconds) / batch_size)
    return np.inf if classic_seconds <= seconds else float(count)
