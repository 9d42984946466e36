# %% tags=["task:soft_threshold"]
def soft_threshold(u, threshold):
    shrunk = np.where(u > threshold, u - threshold, 0.0)
    return np.where(u < -threshold, u + threshold, shrunk)


# %% tags=["task:train"]
class Energy(keras.losses.Loss):
    def __init__(self, dictionary, penalty):
        super().__init__()
        self.matrix, self.penalty = dictionary.T.astype("float32"), float(penalty)

    def call(self, x, y):
        misfit = x - ops.dot(y, self.matrix)
        return ops.mean(misfit**2, -1) * misfit.shape[-1] / 2 + self.penalty * ops.sum(
            ops.abs(y), -1
        )


def make_loss(dictionary, penalty):
    return Energy(dictionary, penalty).call


def train(network, patches, dictionary, penalty, epochs):
    energy = Energy(dictionary, penalty)
    network.compile(keras.optimizers.Nadam(1.5e-3, clipnorm=1.0), loss=energy)
    slower = keras.callbacks.LearningRateScheduler(lambda k: 1.5e-3 * 0.1 ** (k / epochs))
    network.fit(patches, patches, batch_size=80, epochs=epochs, verbose=0, callbacks=[slower])
