# score: 90-90
# caught by: numerical_gradient
# The array is changed in place, and the changes stay.

# %% tags=["task:backward"]
def numerical_gradient(function, array, step=1e-5):
    slopes = np.zeros(array.shape)
    for index in np.ndindex(array.shape):
        array[index] += step
        above = function(array)
        array[index] -= 2.0 * step
        slopes[index] = (above - function(array)) / (2.0 * step)
    return slopes


def backward(parameters, x, hidden, probabilities, labels):
    error = (probabilities - np.eye(probabilities.shape[1])[labels]) / len(labels)
    error_hidden = (error @ parameters["w2"].T) * (hidden > 0.0)
    return {
        "w1": x.T @ error_hidden,
        "b1": np.sum(error_hidden, axis=0),
        "w2": hidden.T @ error,
        "b2": np.sum(error, axis=0),
    }
