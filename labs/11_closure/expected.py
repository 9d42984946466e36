"""The reference. Each function yields the inputs of its check and scores the output."""

import numpy as np
from scipy.optimize import brentq

from keras_solvers.grading import at_least, at_most, both, close, log_ramp

EXACT = 1e-9  # relative tolerance for rounding in float64
SINGLE = 1e-4  # the same for float32


def _trace_free(a):
    return a - np.einsum("...ii->...", a)[..., None, None] / 3.0 * np.eye(3)


def _pair(rng, n):
    """Strain and rotation rates."""
    a = rng.normal(size=(n, 3, 3))
    return _trace_free(a + np.swapaxes(a, 1, 2)), a - np.swapaxes(a, 1, 2)


def _inputs(rng, n):
    s, r = _pair(rng, n)
    tensors = np.stack([s, r], axis=1) * rng.uniform(0.1, 2.0, (n, 1, 1, 1))
    return {"tensors": tensors, "scalars": rng.uniform([10.0, 0.2], [400.0, 3.0], (n, 2))}


def _orthogonal(rng, *shape):
    return np.linalg.qr(rng.normal(size=(*shape, 3, 3)))[0]


def _rotated(a, q):
    return np.einsum("...ij,...jk,...lk->...il", q, a, q)


def _traces(s, r):
    words = (s @ s, r @ r, s @ s @ s, r @ r @ s, r @ r @ s @ s)
    return np.stack([np.trace(word, axis1=1, axis2=2) for word in words], axis=1)


def _basis(s, r):
    """Each is a product plus its transpose; transposing reverses the sign of each `R`."""
    words = (
        0.5 * s,
        s @ r,
        0.5 * s @ s,
        0.5 * r @ r,
        r @ s @ s,
        r @ r @ s,
        r @ s @ r @ r,
        s @ r @ s @ s,
        r @ r @ s @ s,
        r @ s @ s @ r @ r,
    )
    return np.stack([_trace_free(w + np.swapaxes(w, 1, 2)) for w in words], axis=1)


def tensors(rng):
    gradient, k, epsilon = rng.normal(size=(9, 3, 3)), *rng.uniform(0.2, 3.0, (2, 9))
    answer = yield {"gradient": gradient, "k": k, "epsilon": epsilon}
    scaled = gradient * (k / epsilon)[:, None, None]
    transposed = np.einsum("nij->nji", scaled)
    return both(
        close(answer.array("s", (9, 3, 3)), _trace_free(scaled + transposed) / 2.0, EXACT),
        close(answer.array("r", (9, 3, 3)), (scaled - transposed) / 2.0, EXACT),
    )


def invariants(rng):
    s, r = _pair(rng, 8)
    answer = yield {"s": s, "r": r}
    found, expected = answer.array("traces", (8, 5)), _traces(s, r)
    return both(*[close(found[:, i], expected[:, i], SINGLE) for i in range(5)])


def basis(rng):
    s, r = _pair(rng, 8)
    answer = yield {"s": s, "r": r}
    found, expected = answer.array("tensors", (8, 10, 3, 3)), _basis(s, r)
    return both(*[close(found[:, i], expected[:, i], SINGLE) for i in range(10)])


def symmetric(rng):
    s, r = _pair(rng, 8)
    answer = yield {"s": s, "r": r}
    found = answer.array("tensors", (8, 10, 3, 3))
    norms = np.maximum(np.linalg.norm(found, axis=(2, 3)), 1e-300)
    trace = np.abs(np.einsum("ntii->nt", found))
    asymmetry = np.linalg.norm(found - np.swapaxes(found, 2, 3), axis=(2, 3))
    return both(
        at_most(np.max(trace / norms), SINGLE, ", trace over norm"),
        at_most(np.max(asymmetry / norms), SINGLE, ", asymmetry over norm"),
        at_least(np.min(norms), 1e-6, ", norm of the smallest"),
    )


def equivariant(rng):
    x, q, (width, depth) = _inputs(rng, 20), -_orthogonal(rng), rng.integers([8, 1], [24, 4])
    # One gradient is an outlier, as occurs where the dissipation vanishes.
    x["tensors"][0] *= 1e3
    answer = yield {**x, "q": q, "width": width, "depth": depth, "seed": rng.integers(1 << 30)}
    b, rotated_b = (answer.array(name, (20, 3, 3)) for name in ("b", "rotated"))
    first, second, large, larger = answer.array("scaled", (4, 20, 3, 3))
    size = np.max(np.abs(b))
    return both(
        close(rotated_b, _rotated(b, q), 1e-3),
        close(b, _trace_free(0.5 * (b + np.swapaxes(b, 1, 2))), SINGLE),
        at_least(np.min(np.abs(b).max(axis=(1, 2))), 1e-5, ", smallest output"),
        at_least(np.max(np.abs(first - b)) / size, 1e-3, ", change by the first scalar"),
        at_least(np.max(np.abs(second - b)) / size, 1e-3, ", change by the second scalar"),
        close(larger, large, 1e-3),
    )


def shape(rng):
    x, (width, depth) = _inputs(rng, 5), rng.integers([8, 1], [24, 4])
    answer = yield {**x, "width": width, "depth": depth, "seed": rng.integers(1 << 30)}
    before = answer.array("before", (5, 3, 3))
    hidden = 8 * width + (depth - 1) * (width + 1) * width
    return both(
        close(answer.number("parameters"), hidden + 10 * (width + 1), 0.0),
        close(answer.array("after", (5, 3, 3)), before, SINGLE),
    )


def _closure(rng):
    """Six tensors, with coefficients that depend on invariants and scalars."""
    signs = rng.choice([-1.0, 1.0], 6) * rng.uniform(0.7, 1.3, 6)

    def closure(x):
        tensors, scalars = x["tensors"], x["scalars"]
        size = np.sqrt(9.0 + np.sum(tensors**2, axis=(1, 2, 3)))[:, None, None]
        s, r = tensors[:, 0] / size, tensors[:, 1] / size
        near = scalars[:, 0] / (scalars[:, 0] + 50.0)
        ss, rr, sss = _traces(s, r)[:, :3].T
        waves = np.cos(6.0 * ss), np.sin(6.0 * rr)
        weights = np.stack([waves[0], near, waves[1], 1.0 + rr, 1.0 + 3.0 * sss, near * waves[0]])
        return np.einsum("tn,t,ntij->nij", weights, signs, _basis(s, r)[:, :6])

    return closure


def learns(rng, none, full):
    closure, x, unseen = _closure(rng), _inputs(rng, 1200), _inputs(rng, 400)
    b, weights = closure(x), np.ones((1200, 1))
    # The samples with zero weight are wrong.
    b[900:], weights[900:] = rng.normal(size=(300, 3, 3)), 0.0
    answer = yield {
        **x,
        "b": b,
        "weights": weights,
        "unseen": unseen["tensors"],
        "unseen_scalars": unseen["scalars"],
        "seed": rng.integers(1 << 30),
    }
    expected = closure(unseen)
    error = np.linalg.norm(answer.array("b", (400, 3, 3)) - expected) / np.linalg.norm(expected)
    return both(
        log_ramp(error, none, full, " relative error"),
        at_most(answer.number("rate"), 1e-4, ", rate after training"),
    )


def rotated(rng):
    a, q = rng.normal(size=(4, 3, 3)), _orthogonal(rng, 4)
    answer = yield {"a": a, "q": q, "single": q[0]}
    return both(
        close(answer.array("many", (4, 3, 3)), _rotated(a, q), EXACT),
        close(answer.array("one", (4, 3, 3)), _rotated(a, q[0]), EXACT),
    )


def equivariance_error(rng):
    x, q, axis = _inputs(rng, 6), _orthogonal(rng), _orthogonal(rng)[0]
    answer = yield {**x, "axis": axis, "q": q}
    keep = np.eye(3) - np.outer(axis, axis)

    def closure(s):
        return keep @ s @ keep * x["scalars"][:, :1, None]

    s = x["tensors"][:, 0]
    error = closure(_rotated(s, q)) - _rotated(closure(s), q)
    return close(answer.number("error"), np.linalg.norm(error) / np.linalg.norm(closure(s)), EXACT)


def rotated_copies(rng):
    x, b, rotations = _inputs(rng, 4), rng.normal(size=(4, 3, 3)), _orthogonal(rng, 3, 4)
    answer = yield {**x, "b": b, "rotations": rotations}
    tensors = [x["tensors"], *(_rotated(x["tensors"], q[:, None]) for q in rotations)]
    return both(
        close(answer.array("tensors", (16, 2, 3, 3)), np.concatenate(tensors), EXACT),
        close(answer.array("scalars", (16, 2)), np.tile(x["scalars"], (4, 1)), 0.0),
        close(
            answer.array("b", (16, 3, 3)),
            np.concatenate([b, *(_rotated(b, q) for q in rotations)]),
            EXACT,
        ),
    )


def _points(n):
    return (0.5 + np.arange(n)) / n


def _flow(rng, y, share=1.0):
    """Energy, dissipation and viscosity of a synthetic channel; `share` limits the variation."""
    draws = 0.5 + share * rng.uniform(-0.5, 0.5, 5)
    reynolds, high, fall, near, far = np.array([150, 3.0, 0.6, 0.8, 2.0]) + draws * [
        450,
        2,
        0.3,
        0.7,
        3,
    ]
    k = high * (1.0 - np.exp(-y * reynolds / 20.0)) * (1.0 - fall * y)
    size = near * y / (1.0 + far * y)
    return k, k**1.5 / size, 1.0 / reynolds


def _coefficients(rng):
    return np.array([rng.uniform(0.08, 0.12), rng.uniform(0.02, 0.1), rng.uniform(0.02, 0.05)])


def _stress(du_dy, k, epsilon, coefficients):
    """`-2 k b_12` of the probe's closure in a shear."""
    c, d, _ = coefficients
    half = 0.5 * du_dy * k / epsilon
    return 2.0 * k * c * half / np.sqrt(1.0 + 2.0 * d * half**2)


def _shear_rates(y, flow, coefficients):
    k, epsilon, viscosity = flow
    return np.array(
        [
            brentq(
                lambda g, i=i: (
                    viscosity * g + _stress(g, k[i], epsilon[i], coefficients) - (1.0 - y[i])
                ),
                0.0,
                (1.0 - y[i]) / viscosity,
                xtol=1e-13,
            )
            for i in range(len(y))
        ]
    )


def _given(y, flow, coefficients):
    k, epsilon, viscosity = flow
    return {
        "y": y,
        "k": k,
        "epsilon": epsilon,
        "viscosity": viscosity,
        "coefficients": coefficients,
    }


def balance(rng):
    y, coefficients = _points(30), _coefficients(rng)
    flow = _flow(rng, y)
    answer = yield _given(y, flow, coefficients)
    return close(
        answer.array("du_dy", (30,)) / _shear_rates(y, flow, coefficients), np.ones(30), 1e-7
    )


def refuses(rng):
    y, coefficients = _points(30), _coefficients(rng)
    flow = _flow(rng, y)
    # Slightly beyond either bound, at one point.
    k, single = flow[0][15], np.array([0.02, -0.02])
    single[1] -= 0.5 * (1.0 - y[15]) / k
    answer = yield {**_given(y, flow, coefficients), "single": single}
    ratio = answer.array("du_dy", (30,)) / _shear_rates(y, flow, coefficients)
    return both(
        close(answer.array("refused", (2,)), [1.0, 1.0], 0.0),
        close(ratio, np.ones(30), 1e-3),
    )


def _velocity(du_dy, y):
    pieces = 0.5 * (du_dy[1:] + du_dy[:-1]) * np.diff(y)
    return du_dy[0] * y[0] + np.concatenate([[0.0], np.cumsum(pieces)])


def velocity(rng):
    y, du_dy = np.sort(rng.uniform(0.05, 1.0, 12)), rng.uniform(0.5, 9.0, 12)
    answer = yield {"du_dy": du_dy, "y": y}
    return close(answer.array("u", (12,)), _velocity(du_dy, y), EXACT)


def unseen(rng, none, full):
    """Shear rates in training differ from the solution, so that they cover its surroundings."""
    y, coefficients = _points(40), _coefficients(rng)
    flows = [_flow(rng, y, share) for share in 8 * [1.0] + [0.5]]
    solutions = [_shear_rates(y, flow, coefficients) for flow in flows]
    answer = yield {
        "flows": np.array([flow[:2] for flow in flows]),
        "shear_rates": np.array(solutions) * rng.uniform(0.0, 3.0, (9, 40)),
        "y": y,
        "viscosities": np.array([flow[2] for flow in flows]),
        "coefficients": coefficients,
        "seed": rng.integers(1 << 30),
    }
    expected = _velocity(solutions[-1], y)
    error = np.linalg.norm(answer.array("u", (40,)) - expected) / np.linalg.norm(expected)
    return log_ramp(error, none, full, " relative error of U")
