# score: 20-75
# caught by: design_matrix
# The highest power first, as `np.vander` does.

# %% tags=["task:design_matrix"]
def design_matrix(x, degree):
    return np.vander(x, degree + 1)
