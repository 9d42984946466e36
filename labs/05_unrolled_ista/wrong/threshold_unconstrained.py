# score: 95-95
# caught by: lista_shrinks
# Training may make thresholds negative.

# %% tags=["task:lista"]
@keras.saving.register_keras_serializable(package="lab05")
class Step(keras.layers.Layer):
    """One step: `call(x, y)` returns the next code."""

    def __init__(self, num_atoms, **kwargs):
        super().__init__(**kwargs)
        self.num_atoms = num_atoms

    def get_config(self):
        return {**super().get_config(), "num_atoms": self.num_atoms}

    def build(self, x_shape, y_shape=None):
        self.decoder = self.add_weight((self.num_atoms, x_shape[-1]), trainable=False)
        self.encoder = self.add_weight((x_shape[-1], self.num_atoms))
        self.threshold = self.add_weight((self.num_atoms,))

    def call(self, x, y):
        u = y + ops.matmul(x - ops.matmul(y, self.decoder), self.encoder)
        return ops.sign(u) * ops.relu(ops.abs(u) - self.threshold)


def lista(dictionary, penalty, num_layers):
    """Keras model from patches to codes that equals `ista` with `num_layers` steps."""
    signal_dim, num_atoms = dictionary.shape
    x = keras.Input((signal_dim,))
    y = ops.zeros_like(ops.matmul(x, np.zeros((signal_dim, num_atoms), "float32")))
    step = 1.0 / lipschitz(dictionary)
    for _ in range(num_layers):
        layer = Step(num_atoms)
        y = layer(x, y)
        layer.decoder.assign(dictionary.T)
        layer.encoder.assign(step * dictionary)
        layer.threshold.assign(np.full(num_atoms, step * penalty))
    return keras.Model(x, y)
