# score: 85-90
# caught by: speed_up
# The pairs are taken in the order given.

# %% tags=["task:speed_up"]
def speed_up(seconds, error, classic_seconds, classic_errors):
    times, errors = np.log(classic_seconds[::-1]), np.log(classic_errors[::-1])
    return np.exp(np.interp(np.log(error), errors, times, left=np.nan, right=np.nan)) / seconds
