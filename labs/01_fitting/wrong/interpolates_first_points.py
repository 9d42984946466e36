# score: 50-75
# caught by: fit_noisy
# Only as many points as coefficients are used.

# %% tags=["task:fit_polynomial"]
def fit_polynomial(x, y, degree, ridge=0.0):
    matrix = design_matrix(x, degree)[: degree + 1]
    return np.linalg.solve(matrix + ridge * np.eye(degree + 1), y[: degree + 1])
