# score: 92-92
# caught by: neuron
# Negative sums are mirrored instead of cut.

# %% tags=["task:neuron"]
def weighted_sum(x, weights, bias):
    return x @ weights + bias


def relu(z):
    return np.abs(z)
