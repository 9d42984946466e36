# score: 95-95
# caught by: features
# More features than allowed.

# %% tags=["task:guess"]
def solved_samples(num_samples, max_eccentricity, seed):
    rng = np.random.default_rng(seed)
    y = rng.uniform(0.0, 2.0 * np.pi, num_samples)
    eccentricity = rng.uniform(0.0, max_eccentricity, num_samples)
    return np.stack([y - eccentricity * np.sin(y), eccentricity], axis=1), y


def features(x):
    waves = np.sin(x[:, :1] * np.arange(1, 16))
    powers = x[:, 1:] ** np.arange(1, 9)
    return (waves[:, :, None] * powers[:, None, :]).reshape(len(x), -1)


def train(x, y):
    return np.linalg.lstsq(features(x), y - x[:, 0], rcond=None)[0]
