# score: 90-90
# caught by: speed_up
# The ratio is the wrong way round.

# %% tags=["task:speed_up"]
def speed_up(seconds, error, classic_seconds, classic_errors):
    order = np.argsort(classic_errors)
    times, errors = np.log(classic_seconds[order]), np.log(classic_errors[order])
    return seconds / np.exp(np.interp(np.log(error), errors, times, left=np.nan, right=np.nan))
