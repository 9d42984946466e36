# %% tags=["task:river"]
def matrix(dispersion, decay, river):
    n, h, v = river.cells, river.spacing, river.velocity
    d, r = np.ones(n) * dispersion, np.ones(n + 1) * decay
    a = np.zeros((n + 1, n + 1))
    a[0, 0] = 1.0
    for i in range(1, n + 1):
        a[i, i - 1] = -0.5 * v - d[i - 1] / h
        if i < n:
            a[i, i] = (d[i - 1] + d[i]) / h + h * r[i]
            a[i, i + 1] = 0.5 * v - d[i] / h
        else:
            a[i, i] = 0.5 * v + d[i - 1] / h + 0.5 * h * r[i]
    return a


def right_side(river):
    inside = river.spacing * river.load(river.x[1:-1])
    last = 0.5 * river.spacing * river.load(river.x[-1:])
    return np.concatenate([[river.inlet], inside, last])


# %% tags=["task:adjoint"]
def misfit(dispersion, decay, river, samples):
    h, n = river.spacing, river.cells
    inverse = np.linalg.inv(matrix(dispersion, decay, river))
    c = inverse @ right_side(river)
    h_matrix = sampled(river, samples[:, 0])
    left = (h_matrix @ c - samples[:, 1]) / samples[:, 2] ** 2
    adjoint = (left @ h_matrix) @ inverse
    by_dispersion = np.zeros(n)
    for i in range(n):
        below = adjoint[i] if i > 0 else 0.0
        by_dispersion[i] = (below - adjoint[i + 1]) * (c[i + 1] - c[i]) / h
    lengths = np.array([0.0] + (n - 1) * [h] + [0.5 * h])
    return 0.5 * left @ (samples[:, 2] ** 2 * left), by_dispersion, -lengths * adjoint * c
