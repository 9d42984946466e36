# score: 89-95
# caught by: tensors
# The strain rate is not trace-free.

# %% tags=["task:invariants"]
def strain_and_rotation(gradient, k, epsilon):
    """`S` and `R`, both `(n, 3, 3)`, with NumPy."""
    half = 0.5 * (k / epsilon)[:, None, None] * gradient
    transposed = np.swapaxes(half, 1, 2)
    strain = half + transposed
    return strain, half - transposed


def invariants(s, r):
    """The five traces in the order of the text, `(n, 5)`, with `keras.ops`."""
    ss, rr = ops.matmul(s, s), ops.matmul(r, r)
    pairs = ((s, s), (r, r), (ss, s), (rr, s), (rr, ss))
    return ops.stack([ops.einsum("nij,nji->n", a, b) for a, b in pairs], axis=1)
