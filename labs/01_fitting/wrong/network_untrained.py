# score: 85-85
# caught by: network_quality
# `fit_network` returns the network as built.

# %% tags=["task:network"]
def build_network(seed):
    keras.utils.set_random_seed(seed)
    layers = [keras.layers.Dense(32, activation="tanh"), keras.layers.Dense(1)]
    return keras.Sequential([keras.Input((1,)), *layers])


def fit_network(x, y, seed, epochs):
    return build_network(seed)
