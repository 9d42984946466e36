# score: 80-92
# caught by: loss gain
# The loss is the misfit alone.

# %% tags=["task:train"]
def make_loss(dictionary, penalty):
    """A function of `x` and `y` that returns `E` of each sample, in `keras.ops`."""
    decoder = np.asarray(dictionary.T, "float32")

    def loss(x, y):
        misfit = x - ops.matmul(y, decoder)
        return 0.5 * ops.sum(misfit**2, axis=-1)

    return loss


def train(network, patches, dictionary, penalty, epochs):
    """Trains the network in place on the patches."""
    batch_size = 100
    num_steps = epochs * len(patches) // batch_size
    rate = keras.optimizers.schedules.CosineDecay(2e-3, num_steps)
    network.compile(keras.optimizers.Adam(rate), loss=make_loss(dictionary, penalty))
    network.fit(patches, patches, batch_size=batch_size, epochs=epochs, verbose=0)
