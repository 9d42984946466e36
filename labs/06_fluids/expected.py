"""The answers. Each function yields the inputs of its check and scores the answer."""

import numpy as np
from scipy.ndimage import distance_transform_cdt, gaussian_filter

from keras_solvers.grading import Verdict, at_most, both, close, log_ramp

EXACT = 1e-8  # relative; rounding of a few differences, with room
SINGLE = 1e-4  # the same in single precision


def _fluid(rng, shape):
    """Boxes of solid at random places, some of them at a wall."""
    fluid = np.ones(shape)
    for mask in fluid:
        for _ in range(3):
            i, j = rng.integers(0, shape[1]), rng.integers(0, shape[2])
            mask[i : i + rng.integers(2, 5), j : j + rng.integers(2, 5)] = 0.0
    return fluid


def _faces(fluid):
    """Face weights by loops over the neighbours of each cell."""
    batch, n, m = fluid.shape
    wx, wy = np.zeros((batch, n + 1, m)), np.zeros((batch, n, m + 1))
    for i in range(1, n):
        wx[:, i] = np.minimum(fluid[:, i - 1], fluid[:, i])
    for j in range(1, m):
        wy[:, :, j] = np.minimum(fluid[:, :, j - 1], fluid[:, :, j])
    return wx, wy


def _matrices(wx, wy):
    """The dense matrix of `A` for each sample, from the list of coupled cells."""
    batch, n, m = wx.shape[0], wx.shape[1] - 1, wx.shape[2]
    index = np.arange(n * m).reshape(n, m)
    matrices = np.zeros((batch, n * m, n * m))
    pairs = [(index[i - 1, j], index[i, j], wx[:, i, j]) for i in range(1, n) for j in range(m)]
    pairs += [(index[i, j - 1], index[i, j], wy[:, i, j]) for i in range(n) for j in range(1, m)]
    for one, other, weight in pairs:
        matrices[:, one, other] -= weight
        matrices[:, other, one] -= weight
        matrices[:, one, one] += weight
        matrices[:, other, other] += weight
    return matrices


def _apply(p, wx, wy):
    """`A p`, for inputs too large for a dense matrix."""
    flow_x, flow_y = np.zeros_like(wx), np.zeros_like(wy)
    flow_x[:, 1:-1] = wx[:, 1:-1] * np.diff(p, axis=1)
    flow_y[:, :, 1:-1] = wy[:, :, 1:-1] * np.diff(p, axis=2)
    return -np.diff(flow_x, axis=1) - np.diff(flow_y, axis=2)


def _case(rng, shape, smooth=0.0):
    """`(fluid, wx, wy, b)` with a right-hand side that a pressure exists for."""
    fluid = _fluid(rng, shape)
    wx, wy = _faces(fluid)
    widths = (0.0, smooth, smooth)
    u, v = (gaussian_filter(rng.normal(size=w.shape), widths) * w for w in (wx, wy))
    return fluid, wx, wy, -np.diff(u, axis=1) - np.diff(v, axis=2)


def _norm(array):
    return np.sqrt(np.sum(array**2, axis=(-2, -1)))


def divergence(rng):
    u, v = rng.normal(size=(3, 8, 5)), rng.normal(size=(3, 7, 6))
    h = rng.uniform(0.1, 0.4)
    answer = yield {"u": u, "v": v, "cell_size": h}
    expected = (np.diff(u, axis=1) + np.diff(v, axis=2)) / h
    return close(answer.array("divergence", (3, 7, 5)), expected, EXACT)


def faces(rng):
    fluid = _fluid(rng, (4, 9, 7))
    answer = yield {"fluid": fluid}
    shapes = {"u": (4, 10, 7), "v": (4, 9, 8)}
    expected = _faces(fluid)
    return both(
        *[close(answer.array(k, s), w, EXACT) for (k, s), w in zip(shapes.items(), expected)]
    )


def gradient(rng):
    p, h = rng.normal(size=(3, 7, 5)), rng.uniform(0.1, 0.4)
    wx, wy = (w * rng.uniform(0.3, 2.0, w.shape) for w in _faces(_fluid(rng, (3, 7, 5))))
    answer = yield {"p": p, "wx": wx, "wy": wy, "cell_size": h}
    gx, gy = answer.array("u", (3, 8, 5)), answer.array("v", (3, 7, 6))
    u, v = rng.normal(size=wx.shape), rng.normal(size=wy.shape)
    # A velocity that vanishes at walls and solids: the work of the pressure is minus its outflow.
    out = np.diff(wx * u, axis=1) + np.diff(wy * v, axis=2)
    work = np.sum(gx * u, axis=(1, 2)) + np.sum(gy * v, axis=(1, 2))
    inside = wx[:, 1:-1] * np.diff(p, axis=1) / h
    return both(
        close(work, -np.sum(out * p, axis=(1, 2)) / h, EXACT),
        close(gx, np.pad(inside, ((0, 0), (1, 1), (0, 0))), EXACT),
    )


def _solid_weight(fluid):
    distances = [
        distance_transform_cdt(mask, metric="chessboard") if np.any(mask == 0.0) else 9.0 * mask
        for mask in fluid
    ]
    return np.maximum(1.0, 4.0 - np.stack(distances))


def solid_weight(rng):
    fluid = np.float32(_fluid(rng, (4, 12, 10)))
    bare = np.ones((2, 6, 5), "float32")
    answer = yield {"fluid": fluid, "bare": bare}
    weight = answer.array("weight", (4, 12, 10))
    return both(
        close(fluid * weight, fluid * _solid_weight(fluid), SINGLE),
        close(answer.array("bare", (2, 6, 5)), np.ones((2, 6, 5)), SINGLE),
    )


def objective(rng):
    fluid = _fluid(rng, (5, 9, 8))
    outflow, p = rng.normal(size=(2, 5, 9, 8))
    x = np.stack([outflow, fluid], axis=-1).astype("float32")  # also in solids there are numbers
    answer = yield {"x": x, "y": p[..., None].astype("float32")}
    after = np.einsum("bij,bj->bi", _matrices(*_faces(fluid)), p.reshape(5, -1)).reshape(p.shape)
    left = fluid * (outflow + after)
    expected = 0.5 * np.sum(_solid_weight(fluid) * left**2, axis=(1, 2))
    return close(answer.array("objective", (5,)), expected, SINGLE)


def half_sweep(rng):
    fluid = _fluid(rng, (3, 8, 6))
    wx, wy = (w * rng.uniform(0.3, 2.0, w.shape) for w in _faces(fluid))
    p, b = rng.normal(size=(2, 3, 8, 6))  # also in solids there are numbers
    answer = yield {"b": b, "p": p, "wx": wx, "wy": wy}
    coupled = _matrices(wx, wy)[:, np.arange(48), np.arange(48)].reshape(p.shape) > 0.0
    verdicts = []
    for colour in (0, 1):
        new = answer.array(f"p{colour}", (3, 8, 6))
        mine = (np.indices((8, 6)).sum(axis=0) % 2 == colour) * coupled
        residual = mine * (b - _apply(new, wx, wy))
        verdicts += [close(residual, 0.0, atol=EXACT), close((1 - mine) * (new - p), 0.0)]
    return both(*verdicts)


def cycle_converges(rng):
    cases = {1: _case(rng, (2, 16, 16), 1.0), 2: _case(rng, (2, 32, 64), 2.0)}
    names = ("wx", "wy", "b")
    inputs = {f"{n}{k}": a for k, case in cases.items() for n, a in zip(names, case[1:])}
    answer = yield inputs
    verdicts = []
    for k, (_, wx, wy, b) in cases.items():
        p = answer.array(f"p{k}", (6, *b.shape))
        left = np.array([_norm(b - _apply(q, wx, wy)) for q in p])
        factor = np.max((left[5] / left[2]) ** (1.0 / 3.0))
        verdicts.append(at_most(factor, (0.55, 0.45)[k - 1], f" times the residual, {k} sweeps"))
    return both(*verdicts)


def cycle_symmetric(rng):
    wx, wy = (np.repeat(w, 3, axis=0) for w in _faces(_fluid(rng, (1, 16, 16))))
    u, v = rng.normal(size=wx.shape), rng.normal(size=wy.shape)
    b = np.diff(wx * u, axis=1) + np.diff(wy * v, axis=2)
    answer = yield {"b": b, "wx": wx, "wy": wy}
    verdicts = []
    for k in (1, 2):
        p = answer.array(f"p{k}", (3, 16, 16))
        products = np.einsum("kij,lij->kl", p, b)
        verdicts.append(close(products - products.T, 0.0, atol=1e-6 * np.max(np.abs(products))))
    return both(*verdicts)


def _diagonal(wx, wy):
    return wx[:, 1:] + wx[:, :-1] + wy[:, :, 1:] + wy[:, :, :-1]


def _discs(rng, num_flows, n):
    """Flows as in the lab, from a generator of our own: `x`, single precision."""
    i, j = np.indices((n, n)) + 0.5
    fluid = np.ones((num_flows, n, n))
    for mask in fluid:
        for x, y, radius in n * rng.uniform((0.0, 0.0, 0.04), (1.0, 1.0, 0.16), (3, 3)):
            mask[np.hypot(i - x, j - y) < radius] = 0.0
    wx, wy = _faces(fluid)
    u, v = (10.0 * gaussian_filter(rng.normal(size=w.shape), (0.0, 2.0, 2.0)) * w for w in (wx, wy))
    return np.float32(np.stack([np.diff(u, axis=1) + np.diff(v, axis=2), fluid], axis=-1))


def gain(rng, none, full):
    x, x_new = _discs(rng, 96, 32), _discs(rng, 48, 32)
    answer = yield {"x": x, "x_new": x_new, "seed": int(rng.integers(1 << 30))}
    outflow, fluid = np.moveaxis(x_new.astype("float64"), -1, 0)
    p = answer.array("y", (48, 32, 32, 1))[..., 0]
    left = _norm(outflow + _apply(p, *_faces(fluid))) / _norm(outflow)
    return log_ramp(np.mean(left), none, full, " of the divergence")


def minimum(rng):
    x = _discs(rng, 96, 16)
    outflow, fluid = np.moveaxis(x.astype("float64"), -1, 0)
    change = _apply(outflow, *_faces(fluid))
    weight = fluid * _solid_weight(fluid)
    best = -np.sum(weight * change * outflow) / np.sum(weight * change**2)
    target = rng.choice([0.6, 1.4]) + rng.uniform(-0.05, 0.05)  # the weight starts at 1
    answer = yield {"x": x, "scale": best / target, "seed": int(rng.integers(1 << 30))}
    distance = abs(answer.number("weight") - target)
    return at_most(distance, 0.06, " from the minimum")


def _certificates(p, b, wx, wy):
    return _norm(b - _apply(p, wx, wy)) / _norm(b)


def _truthful(answer, name, claims, case, tolerance):
    """The answer meets the tolerance, and its last certificates are its own."""
    _, wx, wy, b = case
    true = _certificates(answer.array(name, b.shape), b, wx, wy)
    claimed = answer.array(claims, (None, len(b)))[-1]
    return both(
        at_most(np.max(true), 1.001 * tolerance, " relative residual"),
        close(claimed, true, 0.0, atol=0.01 * tolerance),
    )


def certified(rng):
    case = _, wx, wy, b = _case(rng, (3, 16, 12), 1.0)
    tolerance, guess = 10.0 ** rng.uniform(-9.0, -6.0), rng.normal(size=b.shape)
    answer = yield {"b": b, "wx": wx, "wy": wy, "guess": guess, "tolerance": tolerance}
    first = answer.array("certificates", (None, 3))[0]
    return both(
        _truthful(answer, "p", "certificates", case, tolerance),
        _truthful(answer, "usual", "usual_certificates", case, 1e-8),
        close(first, _certificates(guess, b, wx, wy), EXACT),
    )


def _preconditioned(b, wx, wy, divisor, tolerance):
    """Steps of the textbook's preconditioned conjugate gradients, one sample."""
    p, r = np.zeros_like(b), b
    z = d = r / divisor
    for count in range(1, 1000):
        image = _apply(d, wx, wy)
        step = np.sum(r * z) / np.sum(d * image)
        p, r, old = p + step * d, r - step * image, np.sum(r * z)
        if _norm(r).max() <= tolerance * _norm(b).max():
            return count
        z = r / divisor
        d = z + np.sum(r * z) / old * d
    return count


def certified_steps(rng):
    _, wx, wy, b = _case(rng, (1, 24, 16), 1.0)
    tolerance = 10.0 ** rng.uniform(-7.0, -5.0)
    answer = yield {"b": b, "wx": wx, "wy": wy, "tolerance": tolerance}
    divisors = {"trusted": np.maximum(_diagonal(wx, wy), 0.5), "plain": 1.0}
    verdicts = [
        at_most(
            abs(answer.number(name) - _preconditioned(b, wx, wy, divisor, tolerance)),
            1.0,
            " steps away from conjugate gradients",
        )
        for name, divisor in divisors.items()
    ]
    counts = [answer.number(name) for name in ("not_asked", "short", "three")]
    verdicts.append(Verdict(float(counts == [0.0, 7.0, 3.0]), f"{counts}", "[0.0, 7.0, 3.0]"))
    asked = answer.number("asked") - answer.number("trusted")
    return both(*verdicts, at_most(asked, 0.0, " questions too many"))


def certified_whatever(rng):
    case = _, wx, wy, b = _case(rng, (1, 12, 8))
    noise = rng.normal(size=(40, *b.shape))
    answer = yield {"b": b, "wx": wx, "wy": wy, "noise": noise, "tolerance": 1e-7}
    exact = np.linalg.lstsq(_matrices(wx, wy)[0], b.ravel(), rcond=None)[0].reshape(b.shape)
    verdicts = []
    for name in ("nothing", "noise", "opposite"):
        verdicts.append(_truthful(answer, name, f"{name}_certificates", case, 1e-7))
        errors = answer.array(f"{name}_path", (4, *b.shape)) - exact
        energy = np.array([np.sum(e * _apply(e, wx, wy)) for e in errors])
        verdicts.append(at_most(np.max(np.diff(energy)), 1e-9 * energy[0], " rise of the energy"))
    return both(*verdicts)
