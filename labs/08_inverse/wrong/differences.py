# score: 83-88
# caught by: solves
# A solve for each coefficient.

# %% tags=["task:adjoint"]
def misfit(dispersion, decay, river, samples):
    """`J` and its derivatives with respect to `D`, `(n,)`, and to `r`, `(n + 1,)`.

    `A` is assembled once.
    """
    places, values, sigma = samples.T
    n = river.cells
    both = np.append(np.broadcast_to(dispersion, n), np.broadcast_to(decay, n + 1)).astype(float)

    def value(both):
        c = np.linalg.solve(matrix(both[:n], both[n:], river), right_side(river))
        return 0.5 * np.sum(((sampled(river, places) @ c - values) / sigma) ** 2)

    slopes = []
    for k in range(len(both)):
        step = 1e-4 * both[k] * np.eye(1, len(both), k)[0]
        slopes.append((value(both + step) - value(both - step)) / (2e-4 * both[k]))
    return value(both), np.array(slopes[:n]), np.array(slopes[n:])
