# score: 90-90
# caught by: sgd_batches
# The same order in all epochs.

# %% tags=["task:sgd"]
def sgd(gradient, parameters, x, labels, rate, batch_size, epochs, seed):
    order = np.random.default_rng(seed).permutation(len(x))
    for _ in range(epochs):
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            slopes = gradient(parameters, x[batch], labels[batch])
            parameters = {name: parameters[name] - rate * slopes[name] for name in parameters}
    return parameters
