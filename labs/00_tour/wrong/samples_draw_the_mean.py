# score: 90-90
# caught by: solved_samples
# The mean anomaly is drawn, and one step of the iteration passes for the answer.

# %% tags=["task:guess"]
def solved_samples(num_samples, max_eccentricity, seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(0.0, (2.0 * np.pi, max_eccentricity), (num_samples, 2))
    return x, x[:, 0] + x[:, 1] * np.sin(x[:, 0])


def features(x):
    waves = np.sin(x[:, :1] * np.arange(1, 9))
    powers = x[:, 1:] ** np.arange(1, 6)
    return (waves[:, :, None] * powers[:, None, :]).reshape(len(x), -1)


def train(x, y):
    return np.linalg.lstsq(features(x), y - x[:, 0], rcond=None)[0]
