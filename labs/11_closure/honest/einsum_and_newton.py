# A different style: index sums, Newton's method, layers instead of operations.

# %% tags=["task:invariants"]
def strain_and_rotation(gradient, k, epsilon):
    a = gradient * (k / epsilon)[:, None, None]
    s, r = 0.5 * (a + a.transpose(0, 2, 1)), 0.5 * (a - a.transpose(0, 2, 1))
    s[:, range(3), range(3)] -= np.einsum("nii->n", s)[:, None] / 3.0
    return s, r


def invariants(s, r):
    return ops.stack(
        [
            ops.einsum("nij,nji->n", s, s),
            ops.einsum("nij,nji->n", r, r),
            ops.einsum("nij,njk,nki->n", s, s, s),
            ops.einsum("nij,njk,nki->n", r, r, s),
            ops.einsum("nij,njk,nkl,nli->n", r, r, s, s),
        ],
        axis=-1,
    )


# %% tags=["task:basis"]
def basis(s, r):
    def product(*factors):
        result = factors[0]
        for factor in factors[1:]:
            result = result @ factor
        return result

    def mirrored(*factors):
        p = product(*factors)
        p = p + ops.transpose(p, (0, 2, 1))
        third = ops.einsum("nii->n", p)[:, None, None] / 3.0
        return p - third * ops.eye(3, dtype=p.dtype)

    words = [(s, r), (r, s, s), (r, r, s), (r, s, r, r), (s, r, s, s), (r, r, s, s)]
    two, five, six, seven, eight, nine = [mirrored(*word) for word in words]
    three, four = 0.5 * mirrored(s, s), 0.5 * mirrored(r, r)
    ten = mirrored(r, s, s, r, r)
    return ops.stack([s, two, three, four, five, six, seven, eight, nine, ten], axis=1)


# %% tags=["task:network"]
def closure_network(width, depth):
    x = {
        "tensors": keras.Input((2, 3, 3), name="tensors"),
        "scalars": keras.Input((2,), name="scalars"),
    }
    s, r = ops.unstack(BoundedNorm(3.0)(x["tensors"]), axis=1)
    place = x["scalars"] / (x["scalars"] + np.array([[50.0, 1.0]], "float32"))
    hidden = keras.layers.Concatenate()([invariants(s, r), place])
    hidden = keras.Sequential([keras.layers.Dense(width, "silu") for _ in range(depth)])(hidden)
    g = keras.layers.Dense(10)(hidden)
    return keras.Model(x, ops.einsum("nt,ntij->nij", g, basis(s, r)))


def train(network, x, b, weights, epochs):
    total = epochs * int(np.ceil(len(b) / 64))
    rate = keras.optimizers.schedules.CosineDecay(5e-3, total)
    network.compile(optimizer=keras.optimizers.Adam(learning_rate=rate), loss="mse")
    order = np.random.default_rng(1).permutation(np.tile(np.arange(len(b)), epochs))
    x = {"tensors": x["tensors"][order], "scalars": x["scalars"][order]}
    network.fit(x, b[order], batch_size=64, sample_weight=weights[order], verbose=0)


# %% tags=["task:axes"]
def rotated(a, q):
    return np.einsum("...ij,...jk,...lk->...il", q, a, q)


def equivariance_error(closure, x, q):
    there = {"tensors": rotated(x["tensors"], q), "scalars": x["scalars"]}
    b, moved = np.asarray(closure(x)), np.asarray(closure(there))
    return np.sqrt(np.sum((moved - rotated(b, q)) ** 2) / np.sum(b**2))


def with_rotated_copies(x, b, rotations):
    tensors, targets, scalars = [x["tensors"]], [b], [x["scalars"]]
    for q in rotations:
        tensors.append(np.stack([rotated(x["tensors"][:, i], q) for i in range(2)], axis=1))
        targets.append(rotated(b, q))
        scalars.append(x["scalars"])
    x = {"tensors": np.concatenate(tensors), "scalars": np.concatenate(scalars)}
    return x, np.concatenate(targets)


# %% tags=["task:channel"]
def shear_rate(closure, flow):
    total = 1.0 - flow.y

    def f(g):
        shear_stress = 2.0 * flow.k * np.asarray(closure(closure_inputs(g, flow)))[:, 0, 1]
        return flow.viscosity * g - shear_stress - total

    low, high = 0.0 * total, total / flow.viscosity
    at_low, at_high = f(low), f(high)
    if (at_low > 1e-9).any() or (at_high < -1e-9).any():
        raise ValueError("no balance")
    # The secant of the bounds, safeguarded by halving.
    for step in range(200):
        g = high - at_high * (high - low) / np.maximum(at_high - at_low, 1e-30)
        g = np.clip(g, low, high) if step % 2 else 0.5 * (low + high)
        value = f(g)
        above = value > 0.0
        at_high, high = np.where(above, value, at_high), np.where(above, g, high)
        at_low, low = np.where(above, at_low, value), np.where(above, low, g)
    return g


def velocity(du_dy, y):
    y, du_dy = np.append(0.0, y), np.append(du_dy[0], du_dy)
    return np.array([np.trapezoid(du_dy[: i + 1], y[: i + 1]) for i in range(1, len(y))])
