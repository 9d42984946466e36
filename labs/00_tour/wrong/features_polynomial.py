# score: 93-95
# caught by: features
# Powers of the mean anomaly: they know neither circles nor the period.

# %% tags=["task:guess"]
def solved_samples(num_samples, max_eccentricity, seed):
    rng = np.random.default_rng(seed)
    y = rng.uniform(0.0, 2.0 * np.pi, num_samples)
    eccentricity = rng.uniform(0.0, max_eccentricity, num_samples)
    return np.stack([y - eccentricity * np.sin(y), eccentricity], axis=1), y


def features(x):
    powers = (x[:, :1] / np.pi - 1.0) ** np.arange(8)
    more = x[:, 1:] ** np.arange(5)
    return (powers[:, :, None] * more[:, None, :]).reshape(len(x), -1)


def train(x, y):
    return np.linalg.lstsq(features(x), y - x[:, 0], rcond=None)[0]
