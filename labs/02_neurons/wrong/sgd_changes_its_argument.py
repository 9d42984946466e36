# score: 93-93
# caught by: sgd_step
# The parameters that were passed in are overwritten.

# %% tags=["task:sgd"]
def sgd(gradient, parameters, x, labels, rate, batch_size, epochs, seed):
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            slopes = gradient(parameters, x[batch], labels[batch])
            for name in parameters:
                parameters[name] -= rate * slopes[name]
    return parameters
