# score: 90-96
# caught by: frame_error
# The answers are compared in different axes.

# %% tags=["task:axes"]
def turned(a, q):
    """`Q A Q^T` of matrices `a` and `q`, both `(..., 3, 3)`; leading axes broadcast."""
    return q @ a @ np.swapaxes(q, -1, -2)


def frame_error(closure, x, q):
    """`e` for one matrix `q`, `(3, 3)`."""
    b = ops.convert_to_numpy(closure(x))
    other = ops.convert_to_numpy(closure({**x, "tensors": turned(x["tensors"], q)}))
    return np.linalg.norm(other - b) / np.linalg.norm(b)


def with_copies(x, b, turns):
    """`(x, b)` with turned copies of all samples behind them; `turns`: `(m, n, 3, 3)`."""
    tensors = [x["tensors"], *(turned(x["tensors"], q[:, None]) for q in turns)]
    scalars = np.tile(x["scalars"], (len(turns) + 1, 1))
    answers = [b, *(turned(b, q) for q in turns)]
    return {"tensors": np.concatenate(tensors), "scalars": scalars}, np.concatenate(answers)
