# score: 69-75
# caught by: basis, symmetric
# The squares are not trace-free.

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
    stacked = ops.stack(tensors, axis=1)
    return stacked
