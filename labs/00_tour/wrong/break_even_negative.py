# score: 90-90
# caught by: break_even
# A slower solver gets a negative number.

# %% tags=["task:break_even"]
def break_even(training_seconds, seconds, classic_seconds, batch_size):
    if classic_seconds == seconds:
        return np.inf
    return training_seconds * batch_size / (classic_seconds - seconds)
