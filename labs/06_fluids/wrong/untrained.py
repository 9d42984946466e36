# score: 83-83
# caught by: gain minimum
# `train` does nothing.

# %% tags=["task:train"]
def train(network, x, epochs):
    """Trains the network in place on the inputs `x`, `(num_flows, n, m, 2)`, without labels."""
    pass
