# score: 90-90
# caught by: fit_ridge
# The ridge is not used at all.

# %% tags=["task:fit_polynomial"]
def fit_polynomial(x, y, degree, ridge=0.0):
    return np.linalg.lstsq(design_matrix(x, degree), y, rcond=None)[0]
