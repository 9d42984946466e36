# %% tags=["task:soft_threshold"]
def soft_threshold(u, threshold):
    return u - np.clip(u, -threshold, threshold)


# %% tags=["task:ista"]
def ista(x, dictionary, penalty, num_steps):
    L = np.linalg.eigvalsh(dictionary.T @ dictionary).max()
    y = np.zeros((x.shape[0], dictionary.shape[1]))
    for _ in range(num_steps):
        y = soft_threshold(y + (x - y @ dictionary.T) @ dictionary / L, penalty / L)
    return y


# %% tags=["task:lista"]
@keras.saving.register_keras_serializable(package="mine")
class Step(keras.layers.Layer):
    def __init__(self, num_atoms, **kwargs):
        super().__init__(**kwargs)
        self.num_atoms = num_atoms

    def get_config(self):
        return {**super().get_config(), "num_atoms": self.num_atoms}

    def build(self, x_shape, y_shape=None):
        dim = x_shape[-1]
        self.decoder = self.add_weight((self.num_atoms, dim), trainable=False, name="decoder")
        self.encoder = self.add_weight((dim, self.num_atoms), name="encoder")
        positive = keras.constraints.NonNeg()
        self.threshold = self.add_weight((self.num_atoms,), constraint=positive, name="threshold")

    def call(self, x, y):
        u = y + (x - y @ self.decoder) @ self.encoder
        return ops.relu(u - self.threshold) - ops.relu(-u - self.threshold)


def lista(dictionary, penalty, num_layers):
    signal_dim, num_atoms = dictionary.shape
    x = keras.Input((signal_dim,))
    y = ops.tile(0.0 * x[:, :1], (1, num_atoms))
    L = lipschitz(dictionary)
    for _ in range(num_layers):
        layer = Step(num_atoms)
        y = layer(x, y)
        values = {"decoder": dictionary.T, "encoder": dictionary / L}
        for weight in layer.weights:
            weight.assign(values.get(weight.name, np.full(num_atoms, penalty / L)))
    return keras.Model(x, y)
