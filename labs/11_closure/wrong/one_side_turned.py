# score: 80-86
# caught by: rotated, equivariance_error, rotated_copies
# Q A, the transformation of vectors.

# %% tags=["task:axes"]
def rotated(a, q):
    """`Q A Q^T` of matrices `a` and `q`, both `(..., 3, 3)`; leading axes broadcast."""
    return q @ a


def equivariance_error(closure, x, q):
    """`e` for one matrix `q`, `(3, 3)`."""
    b = ops.convert_to_numpy(closure(x))
    other = ops.convert_to_numpy(closure({**x, "tensors": rotated(x["tensors"], q)}))
    return np.linalg.norm(other - rotated(b, q)) / np.linalg.norm(b)


def with_rotated_copies(x, b, rotations):
    """`(x, b)` followed by rotated copies of all samples; `rotations`: `(m, n, 3, 3)`."""
    tensors = [x["tensors"], *(rotated(x["tensors"], q[:, None]) for q in rotations)]
    scalars = np.tile(x["scalars"], (len(rotations) + 1, 1))
    targets = [b, *(rotated(b, q) for q in rotations)]
    return {"tensors": np.concatenate(tensors), "scalars": scalars}, np.concatenate(targets)
