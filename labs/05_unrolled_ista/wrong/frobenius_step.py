# score: 80-85
# caught by: ista
# A step far too short: L from the Frobenius norm.

# %% tags=["task:ista"]
def ista(x, dictionary, penalty, num_steps):
    """The code after `num_steps` steps from zero, shape `(batch, num_atoms)`."""
    step = 1.0 / np.sum(dictionary**2)
    y = np.zeros((len(x), dictionary.shape[1]))
    for _ in range(num_steps):
        gradient = (y @ dictionary.T - x) @ dictionary
        y = soft_threshold(y - step * gradient, step * penalty)
    return y
