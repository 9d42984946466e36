# score: 90-90
# caught by: speed_up
# The time is interpolated without logarithms.

# %% tags=["task:speed_up"]
def speed_up(seconds, error, classic_seconds, classic_errors):
    order = np.argsort(classic_errors)
    time = np.interp(
        error, classic_errors[order], classic_seconds[order], left=np.nan, right=np.nan
    )
    return time / seconds
