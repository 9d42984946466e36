# score: 90-90
# caught by: ball_share
# The share is the formula, not an experiment.

# %% tags=["task:ball"]
def ball_volume(dimension):
    return math.pi ** (dimension / 2) / math.gamma(dimension / 2 + 1)


def ball_share(dimension, num_samples, seed):
    return ball_volume(dimension) / 2**dimension
