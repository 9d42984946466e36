# score: 90-90
# caught by: break_even
# Batches are counted instead of inputs.

# %% tags=["task:break_even"]
def break_even(training_seconds, seconds, classic_seconds, batch_size):
    saved = classic_seconds - seconds
    return training_seconds / saved if saved > 0.0 else np.inf
