# score: 90-90
# caught by: sgd_batches
# The last, smaller batch is left out.

# %% tags=["task:sgd"]
def sgd(gradient, parameters, x, labels, rate, batch_size, epochs, seed):
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for k in range(len(x) // batch_size):
            batch = order[k * batch_size : (k + 1) * batch_size]
            slopes = gradient(parameters, x[batch], labels[batch])
            parameters = {name: parameters[name] - rate * slopes[name] for name in parameters}
    return parameters
