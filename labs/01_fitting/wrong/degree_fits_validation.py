# score: 85-85
# caught by: choose_degree
# The validation points take part in the fit.

# %% tags=["task:choose_degree"]
def choose_degree(x, y, x_valid, y_valid, max_degree):
    errors = np.empty(max_degree + 1)
    x_all, y_all = np.concatenate([x, x_valid]), np.concatenate([y, y_valid])
    for degree in range(max_degree + 1):
        misfit = design_matrix(x_valid, degree) @ fit_polynomial(x_all, y_all, degree) - y_valid
        errors[degree] = np.sqrt(np.mean(misfit**2))
    return int(np.argmin(errors)), errors
