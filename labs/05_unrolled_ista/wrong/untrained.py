# score: 80-90
# caught by: gain
# `train` does nothing.

# %% tags=["task:train"]
def make_loss(dictionary, penalty):
    """A function of `x` and `y` that returns `E` of each sample, in `keras.ops`."""
    decoder = np.asarray(dictionary.T, "float32")

    def loss(x, y):
        misfit = x - ops.matmul(y, decoder)
        return 0.5 * ops.sum(misfit**2, axis=-1) + penalty * ops.sum(ops.abs(y), axis=-1)

    return loss


def train(network, patches, dictionary, penalty, epochs):
    """Trains the network in place on the patches."""
    pass
