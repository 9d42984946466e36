# score: 90-90
# caught by: fit_ridge
# The ridge is appended without its square root.

# %% tags=["task:fit_polynomial"]
def fit_polynomial(x, y, degree, ridge=0.0):
    matrix = design_matrix(x, degree)
    matrix = np.concatenate([matrix, ridge * np.eye(degree + 1)])
    return np.linalg.lstsq(matrix, np.concatenate([y, np.zeros(degree + 1)]), rcond=None)[0]
