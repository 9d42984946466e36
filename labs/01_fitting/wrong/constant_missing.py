# score: 15-75
# caught by: design_matrix fit_exact
# The column of ones is forgotten.

# %% tags=["task:design_matrix"]
def design_matrix(x, degree):
    return np.stack([np.asarray(x) ** (j + 1) for j in range(degree + 1)], axis=1)
