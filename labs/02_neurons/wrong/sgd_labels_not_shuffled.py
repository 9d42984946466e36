# score: 90-90
# caught by: sgd_batches
# The images are shuffled, their labels are not.

# %% tags=["task:sgd"]
def sgd(gradient, parameters, x, labels, rate, batch_size, epochs, seed):
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        x = rng.permutation(x)
        for start in range(0, len(x), batch_size):
            batch = slice(start, start + batch_size)
            slopes = gradient(parameters, x[batch], labels[batch])
            parameters = {name: parameters[name] - rate * slopes[name] for name in parameters}
    return parameters
