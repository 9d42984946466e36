# score: 92-92
# caught by: neuron
# The bias is forgotten.

# %% tags=["task:neuron"]
def weighted_sum(x, weights, bias):
    return x @ weights


def relu(z):
    return np.maximum(z, 0.0)
