# %% tags=["task:kepler"]
def residual(x, y):
    return np.array([v - e * np.sin(v) - m for (m, e), v in zip(x, y)])


def error_bound(x, y):
    return np.array([abs(r) / (1 - e) for r, e in zip(residual(x, y), x[:, 1])])


# %% tags=["task:iterations"]
def fixed_point(x, num_steps):
    answers = []
    for mean_anomaly, e in x:
        y = mean_anomaly
        for _ in range(num_steps):
            y = mean_anomaly + e * np.sin(y)
        answers.append(y)
    return np.array(answers)


def newton(x, initial_guess, num_steps):
    y = np.array(initial_guess(x), dtype=float)
    for _ in range(num_steps):
        for i, (mean_anomaly, e) in enumerate(x):
            y[i] -= (y[i] - e * np.sin(y[i]) - mean_anomaly) / (1 - e * np.cos(y[i]))
    return y


# %% tags=["task:guess"]
def solved_samples(num_samples, max_eccentricity, seed):
    rng = np.random.default_rng(seed)
    x, y = np.empty((num_samples, 2)), np.empty(num_samples)
    for i in range(num_samples):
        y[i] = 2 * np.pi * rng.random()
        x[i, 1] = max_eccentricity * rng.random()
        x[i, 0] = y[i] - x[i, 1] * np.sin(y[i])
    return x, y


def features(x):
    columns = []
    for power in range(1, 5):
        for multiple in range(1, 11):
            columns.append(x[:, 1] ** power * np.sin(multiple * x[:, 0]))
    return np.array(columns).T


def train(x, y):
    matrix = features(x)
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    return right.T @ (left.T @ (y - x[:, 0]) / values)


# %% tags=["task:speed_up"]
def speed_up(seconds, error, classic_seconds, classic_errors):
    if error < min(classic_errors) or error > max(classic_errors):
        return np.nan
    order = np.argsort(-classic_errors)
    times, errors = np.log(classic_seconds[order]), -np.log(classic_errors[order])
    return np.exp(np.interp(-np.log(error), errors, times)) / seconds
