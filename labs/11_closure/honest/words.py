# %% tags=["task:basis"]
def basis(s, r):
    letters = {"S": s, "R": r}

    def value(word):
        product = letters[word[0]]
        for letter in word[1:]:
            product = ops.matmul(product, letters[letter])
        return product

    tensors = []
    for word in ("S", "SR", "SS", "RR", "RSS", "RRS", "RSRR", "SRSS", "RRSS", "RSSRR"):
        tensor = value(word)
        if word[::-1] != word:
            # The transpose: factors from behind, each R with the other sign.
            tensor = tensor + (-1.0) ** word.count("R") * value(word[::-1])
        third = ops.trace(tensor, axis1=-2, axis2=-1)[:, None, None] / 3.0
        tensors.append(tensor - third * ops.eye(3, dtype=tensor.dtype))
    return ops.stack(tensors, axis=1)


# %% tags=["task:axes"]
def rotated(a, q):
    return np.moveaxis(np.einsum("...ij,...jk,...lk->il...", q, a, q), (0, 1), (-2, -1))


def equivariance_error(closure, x, q):
    here = np.asarray(closure(x))
    there = np.asarray(closure({name: rotated(v, q) if v.ndim > 2 else v for name, v in x.items()}))
    # Rotated back instead: the norm is the same.
    return np.sqrt(np.sum((rotated(there, q.T) - here) ** 2)) / np.sqrt(np.sum(here**2))


def with_rotated_copies(x, b, rotations):
    n, m = len(b), len(rotations)
    tensors, targets = np.empty((m + 1, n, 2, 3, 3)), np.empty((m + 1, n, 3, 3))
    tensors[0], targets[0] = x["tensors"], b
    for i in range(m):
        for j in range(n):
            q = rotations[i, j]
            for kind in range(2):
                tensors[i + 1, j, kind] = q @ x["tensors"][j, kind] @ q.T
            targets[i + 1, j] = q @ b[j] @ q.T
    scalars = np.concatenate([x["scalars"]] * (m + 1))
    return {"tensors": tensors.reshape(-1, 2, 3, 3), "scalars": scalars}, targets.reshape(-1, 3, 3)
