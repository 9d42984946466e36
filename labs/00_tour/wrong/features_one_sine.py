# score: 89-91
# caught by: guess_quality
# A single feature, the first term of the series.

# %% tags=["task:guess"]
def solved_samples(num_samples, max_eccentricity, seed):
    rng = np.random.default_rng(seed)
    y = rng.uniform(0.0, 2.0 * np.pi, num_samples)
    eccentricity = rng.uniform(0.0, max_eccentricity, num_samples)
    return np.stack([y - eccentricity * np.sin(y), eccentricity], axis=1), y


def features(x):
    return x[:, 1:] * np.sin(x[:, :1])


def train(x, y):
    return np.linalg.lstsq(features(x), y - x[:, 0], rcond=None)[0]
