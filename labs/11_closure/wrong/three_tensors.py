# score: 74-80
# caught by: basis
# Three tensors, as in plane flows; the others are zero.

# %% tags=["task:basis"]
def basis(s, r):
    """The ten tensors, `(n, 10, 3, 3)`, with `keras.ops`."""
    m = ops.matmul
    ss, rr, sr, rs = m(s, s), m(r, r), m(s, r), m(r, s)
    tensors = [
        s,
        sr - rs,
        ss,
        rr,
        m(r, ss) - m(ss, r),
        m(rr, s) + m(s, rr),
        m(rs, rr) - m(rr, sr),
        m(sr, ss) - m(ss, rs),
        m(rr, ss) + m(ss, rr),
        m(m(r, ss), rr) - m(rr, m(ss, r)),
    ]
    stacked = ops.stack(tensors[:3] + 7 * [0.0 * s], axis=1)
    trace = ops.einsum("ntii->nt", stacked)[..., None, None]
    return stacked - trace / 3.0 * ops.eye(3, dtype=stacked.dtype)
