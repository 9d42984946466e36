# score: 90-90
# caught by: break_even
# The time of the trained solver itself is forgotten.

# %% tags=["task:break_even"]
def break_even(training_seconds, seconds, classic_seconds, batch_size):
    return training_seconds * batch_size / classic_seconds if classic_seconds > seconds else np.inf
