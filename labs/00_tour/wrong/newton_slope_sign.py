# score: 85-85
# caught by: newton
# The derivative of the sine gets the wrong sign.

# %% tags=["task:iterations"]
def fixed_point(x, num_steps):
    y = x[:, 0]
    for _ in range(num_steps):
        y = x[:, 0] + x[:, 1] * np.sin(y)
    return y


def newton(x, initial_guess, num_steps):
    y = initial_guess(x)
    for _ in range(num_steps):
        y = y - (y - x[:, 1] * np.sin(y) - x[:, 0]) / (1.0 + x[:, 1] * np.cos(y))
    return y
