# score: 80-95
# caught by: loss
# One number for the whole batch, not one for each sample.

# %% tags=["task:train"]
def make_loss(dictionary, penalty):
    """A function of `x` and `y` that returns `E` of each sample, in `keras.ops`."""
    decoder = np.asarray(dictionary.T, "float32")

    def loss(x, y):
        misfit = x - ops.matmul(y, decoder)
        return 0.5 * ops.sum(misfit**2) + penalty * ops.sum(ops.abs(y))

    return loss


def train(network, patches, dictionary, penalty, epochs):
    """Trains the network in place on the patches."""
    batch_size = 100
    num_steps = epochs * len(patches) // batch_size
    rate = keras.optimizers.schedules.CosineDecay(2e-4, num_steps)
    network.compile(keras.optimizers.Adam(rate), loss=make_loss(dictionary, penalty))
    network.fit(patches, patches, batch_size=batch_size, epochs=epochs, verbose=0)
