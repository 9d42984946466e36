# score: 85-95
# caught by: speed_up_refuses
# A straight line through all pairs, which also answers where nothing was measured.

# %% tags=["task:speed_up"]
def speed_up(seconds, error, classic_seconds, classic_errors):
    line = np.polyfit(np.log(classic_errors), np.log(classic_seconds), 1)
    return np.exp(np.polyval(line, np.log(error))) / seconds
