# score: 95-95
# caught by: speed_up_refuses
# Beyond the measured errors the last time is held.

# %% tags=["task:speed_up"]
def speed_up(seconds, error, classic_seconds, classic_errors):
    order = np.argsort(classic_errors)
    times, errors = np.log(classic_seconds[order]), np.log(classic_errors[order])
    return np.exp(np.interp(np.log(error), errors, times)) / seconds
