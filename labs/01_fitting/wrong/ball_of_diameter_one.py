# score: 80-80
# caught by: ball_volume ball_share
# The radius is taken for the diameter.

# %% tags=["task:ball"]
def ball_volume(dimension):
    return math.pi ** (dimension / 2) / math.gamma(dimension / 2 + 1) / 2**dimension


def ball_share(dimension, num_samples, seed):
    points = np.random.default_rng(seed).uniform(-1.0, 1.0, (num_samples, dimension))
    return np.mean(np.sum(points**2, axis=1) <= 0.25)
