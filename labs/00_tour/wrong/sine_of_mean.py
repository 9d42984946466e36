# score: 85-90
# caught by: fixed_point
# The sine is always taken of the mean anomaly: the iteration stands still.

# %% tags=["task:iterations"]
def fixed_point(x, num_steps):
    y = x[:, 0]
    for _ in range(num_steps):
        y = x[:, 0] + x[:, 1] * np.sin(x[:, 0])
    return y


def newton(x, initial_guess, num_steps):
    y = initial_guess(x)
    for _ in range(num_steps):
        y = y - (y - x[:, 1] * np.sin(y) - x[:, 0]) / (1.0 - x[:, 1] * np.cos(y))
    return y
