# score: 80-85
# caught by: ista
# L is the norm of the dictionary, not its square.

# %% tags=["task:ista"]
def ista(x, dictionary, penalty, num_steps):
    """The code after `num_steps` steps from zero, shape `(batch, num_atoms)`."""
    step = 1.0 / np.linalg.norm(dictionary, 2)
    y = np.zeros((len(x), dictionary.shape[1]))
    for _ in range(num_steps):
        gradient = (y @ dictionary.T - x) @ dictionary
        y = soft_threshold(y - step * gradient, step * penalty)
    return y
