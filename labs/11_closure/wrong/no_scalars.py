# score: 88-94
# caught by: equivariant
# The network does not use the scalars.

# %% tags=["task:network"]
def closure_network(width, depth):
    """A Keras model from `{"tensors": (n, 2, 3, 3), "scalars": (n, 2)}` to `b`, `(n, 3, 3)`."""
    tensors = keras.Input((2, 3, 3), name="tensors")
    scalars = keras.Input((2,), name="scalars")
    bounded = BoundedNorm(3.0)(tensors)
    s, r = bounded[:, 0], bounded[:, 1]
    p, q = scalars[:, :1], scalars[:, 1:]
    x = ops.concatenate([invariants(s, r), 0.0 * p, 0.0 * q], axis=1)
    for _ in range(depth):
        x = keras.layers.Dense(width, "silu")(x)
    weights = keras.layers.Dense(10)(x)
    b = ops.sum(weights[:, :, None, None] * basis(s, r), axis=1)
    return keras.Model({"tensors": tensors, "scalars": scalars}, b)


def train(network, x, b, weights, epochs):
    """Trains the network on targets `b`, `(n, 3, 3)`, with sample weights `(n, 1)`."""
    x, b, weights = repeated(x, b, weights, epochs)
    rate = keras.optimizers.schedules.CosineDecay(5e-3, -(-len(b) // 64))
    network.compile(keras.optimizers.Adam(rate), "mse", steps_per_execution=32)
    network.fit(x, b, 64, shuffle=False, sample_weight=weights, verbose=0)
