# score: 85-85
# caught by: choose_degree
# The errors are those of the points of the fit.

# %% tags=["task:choose_degree"]
def choose_degree(x, y, x_valid, y_valid, max_degree):
    errors = np.empty(max_degree + 1)
    for degree in range(max_degree + 1):
        misfit = design_matrix(x, degree) @ fit_polynomial(x, y, degree) - y
        errors[degree] = np.sqrt(np.mean(misfit**2))
    return int(np.argmin(errors)), errors
