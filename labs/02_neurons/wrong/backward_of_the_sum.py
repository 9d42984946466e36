# score: 92-92
# caught by: backward_output
# The gradients are those of the sum over the batch.

# %% tags=["task:backward"]
def numerical_gradient(function, array, step=1e-5):
    slopes = np.zeros(array.shape)
    for index in np.ndindex(array.shape):
        nudge = np.zeros(array.shape)
        nudge[index] = step
        slopes[index] = (function(array + nudge) - function(array - nudge)) / (2.0 * step)
    return slopes


def backward(parameters, x, hidden, probabilities, labels):
    error = probabilities - np.eye(probabilities.shape[1])[labels]
    error_hidden = (error @ parameters["w2"].T) * (hidden > 0.0)
    return {
        "w1": x.T @ error_hidden,
        "b1": np.sum(error_hidden, axis=0),
        "w2": hidden.T @ error,
        "b2": np.sum(error, axis=0),
    }
