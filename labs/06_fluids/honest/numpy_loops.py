# %% tags=["task:staggered"]
def divergence(u, v, cell_size=1.0):
    n, m = v.shape[1], u.shape[2]
    rows = [u[:, i + 1] - u[:, i] for i in range(n)]
    columns = [v[:, :, j + 1] - v[:, :, j] for j in range(m)]
    return (ops.stack(rows, axis=1) + ops.stack(columns, axis=2)) / cell_size


def faces(fluid):
    wall_x, wall_y = ops.zeros_like(fluid[:, :1]), ops.zeros_like(fluid[:, :, :1])
    wx = ops.concatenate([wall_x, ops.minimum(fluid[:, 1:], fluid[:, :-1]), wall_x], axis=1)
    wy = ops.concatenate([wall_y, ops.minimum(fluid[:, :, 1:], fluid[:, :, :-1]), wall_y], axis=2)
    return wx, wy


def gradient(p, weights, cell_size=1.0):
    wx, wy = weights
    gx = wx[:, 1:-1] * (p[:, 1:] - p[:, :-1]) / cell_size
    gy = wy[:, :, 1:-1] * (p[:, :, 1:] - p[:, :, :-1]) / cell_size
    return ops.pad(gx, ((0, 0), (1, 1), (0, 0))), ops.pad(gy, ((0, 0), (0, 0), (1, 1)))


# %% tags=["task:multigrid"]
def half_sweep(b, p, weights, colour):
    wx, wy = weights
    p, (n, m) = np.array(p), p.shape[1:]
    for i in range(n):
        for j in range((i + colour) % 2, m, 2):
            around = wx[:, i, j], wx[:, i + 1, j], wy[:, i, j], wy[:, i, j + 1]
            total = around[0] + around[1] + around[2] + around[3]
            right, above = p[:, min(i + 1, n - 1), j], p[:, i, min(j + 1, m - 1)]
            flow = around[0] * p[:, i - 1, j] + around[1] * right
            flow = flow + around[2] * p[:, i, j - 1] + around[3] * above
            new = (b[:, i, j] + flow) / np.where(total > 0.0, total, 1.0)
            p[:, i, j] = np.where(total > 0.0, new, p[:, i, j])
    return p


def cycle(b, p, weights, num_sweeps=1):
    if min(p.shape[1:]) <= 2:
        for colour in 10 * [0, 1] + 10 * [1, 0]:
            p = half_sweep(b, p, weights, colour)
        return p
    for _ in range(num_sweeps):
        p = half_sweep(b, half_sweep(b, p, weights, 0), weights, 1)
    rest = sum_of_children(b - operator(p, weights))
    p = p + to_children(cycle(rest, 0.0 * rest, coarser(weights), num_sweeps))
    for _ in range(num_sweeps):
        p = half_sweep(b, half_sweep(b, p, weights, 1), weights, 0)
    return p


# %% tags=["task:certified"]
def certified(b, weights, precondition, p, tolerance=1e-8, trust=20, max_steps=1000):
    size = np.linalg.norm(b, axis=(1, 2))
    certificates = [np.linalg.norm(b - operator(p, weights), axis=(1, 2)) / size]
    d = Ad = None
    for k in range(max_steps):
        if max(certificates[-1]) <= tolerance:
            break
        r = b - operator(p, weights)
        z = precondition(r) if k < trust else r
        d = z if d is None else z - ratio(dot(z, Ad), dot(d, Ad)) * d
        Ad = operator(d, weights)
        p = p + ratio(dot(d, r), dot(d, Ad)) * d
        certificates.append(np.linalg.norm(b - operator(p, weights), axis=(1, 2)) / size)
    return p, np.stack(certificates)
