# score: 57-62
# caught by: gradient
# The adjoint flows downstream.

# %% tags=["task:adjoint"]
def misfit(dispersion, decay, river, samples):
    """`J` and its derivatives with respect to `D`, `(n,)`, and to `r`, `(n + 1,)`.

    `A` is assembled once.
    """
    places, values, sigma = samples.T
    h, h_matrix, a = river.spacing, sampled(river, places), matrix(dispersion, decay, river)
    c = np.linalg.solve(a, right_side(river))
    deviation = (h_matrix @ c - values) / sigma
    adjoint = np.linalg.solve(a, h_matrix.T @ (deviation / sigma))
    adjoint[0] = 0.0  # the row of the inlet has no coefficients
    by_decay = -h * adjoint * c
    by_decay[-1] *= 0.5
    return 0.5 * np.sum(deviation**2), -np.diff(adjoint) * np.diff(c) / h, by_decay
