# score: 83-84
# caught by: gain minimum
# A rate at which nothing happens.

# %% tags=["task:train"]
def train(network, x, epochs):
    """Trains the network in place on the inputs `x`, `(num_flows, n, m, 2)`, without labels."""
    batch_size = 8
    num_steps = epochs * len(x) // batch_size
    solver = NeuralSolver(network, Handmade())
    rate = keras.optimizers.schedules.CosineDecay(0.0001, num_steps)
    solver.compile(keras.optimizers.Adam(rate))
    solver.optimizer.build(network.trainable_variables)
    solver.fit(x, batch_size=batch_size, epochs=epochs, verbose=0)
