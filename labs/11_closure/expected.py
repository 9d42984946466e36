"""The answers. Each function yields the inputs of its check and scores the answer."""

import numpy as np
from scipy.optimize import brentq

from keras_solvers.grading import at_least, at_most, both, close, log_ramp

EXACT = 1e-9  # relative; rounding of float64, with room
SINGLE = 1e-4  # the same for float32


def _without_trace(a):
    return a - np.einsum("...ii->...", a)[..., None, None] / 3.0 * np.eye(3)


def _pair(rng, n):
    """Strain and rotation rates."""
    a = rng.normal(size=(n, 3, 3))
    return _without_trace(a + np.swapaxes(a, 1, 2)), a - np.swapaxes(a, 1, 2)


def _asked(rng, n):
    s, r = _pair(rng, n)
    tensors = np.stack([s, r], axis=1) * rng.uniform(0.1, 2.0, (n, 1, 1, 1))
    return {"tensors": tensors, "scalars": rng.uniform([10.0, 0.2], [400.0, 3.0], (n, 2))}


def _turn(rng, *shape):
    return np.linalg.qr(rng.normal(size=(*shape, 3, 3)))[0]


def _turned(a, q):
    return np.einsum("...ij,...jk,...lk->...il", q, a, q)


def _traces(s, r):
    words = (s @ s, r @ r, s @ s @ s, r @ r @ s, r @ r @ s @ s)
    return np.stack([np.trace(word, axis1=1, axis2=2) for word in words], axis=1)


def _basis(s, r):
    """Each but T_1 is `X` plus its mirror image: of a product that is minus it for each `R`."""
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
    return np.stack([_without_trace(w + np.swapaxes(w, 1, 2)) for w in words], axis=1)


def tensors(rng):
    gradient, k, epsilon = rng.normal(size=(9, 3, 3)), *rng.uniform(0.2, 3.0, (2, 9))
    answer = yield {"gradient": gradient, "k": k, "epsilon": epsilon}
    scaled = gradient * (k / epsilon)[:, None, None]
    mirrored = np.einsum("nij->nji", scaled)
    return both(
        close(answer.array("s", (9, 3, 3)), _without_trace(scaled + mirrored) / 2.0, EXACT),
        close(answer.array("r", (9, 3, 3)), (scaled - mirrored) / 2.0, EXACT),
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
    sizes = np.maximum(np.linalg.norm(found, axis=(2, 3)), 1e-300)
    trace = np.abs(np.einsum("ntii->nt", found))
    mirrored = np.linalg.norm(found - np.swapaxes(found, 2, 3), axis=(2, 3))
    return both(
        at_most(np.max(trace / sizes), SINGLE, ", trace over size"),
        at_most(np.max(mirrored / sizes), SINGLE, ", asymmetry over size"),
        at_least(np.min(sizes), 1e-6, ", size of the smallest"),
    )


def turns(rng):
    x, q, (width, depth) = _asked(rng, 20), -_turn(rng), rng.integers([8, 1], [24, 4])
    # One gradient is an outlier, as they come where the dissipation vanishes.
    x["tensors"][0] *= 1e3
    answer = yield {**x, "q": q, "width": width, "depth": depth, "seed": rng.integers(1 << 30)}
    here, away = (answer.array(name, (20, 3, 3)) for name in ("here", "away"))
    first, second, far, farther = answer.array("place", (4, 20, 3, 3))
    size = np.max(np.abs(here))
    return both(
        close(away, _turned(here, q), 1e-3),
        close(here, _without_trace(0.5 * (here + np.swapaxes(here, 1, 2))), SINGLE),
        at_least(np.min(np.abs(here).max(axis=(1, 2))), 1e-5, ", smallest answer"),
        at_least(np.max(np.abs(first - here)) / size, 1e-3, ", change by the first scalar"),
        at_least(np.max(np.abs(second - here)) / size, 1e-3, ", change by the second scalar"),
        close(farther, far, 1e-3),
    )


def shape(rng):
    x, (width, depth) = _asked(rng, 5), rng.integers([8, 1], [24, 4])
    answer = yield {**x, "width": width, "depth": depth, "seed": rng.integers(1 << 30)}
    before = answer.array("before", (5, 3, 3))
    hidden = 8 * width + (depth - 1) * (width + 1) * width
    return both(
        close(answer.number("parameters"), hidden + 10 * (width + 1), 0.0),
        close(answer.array("after", (5, 3, 3)), before, SINGLE),
    )


def _closure(rng):
    """A sum of six tensors, with weights that depend on invariants and scalars."""
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
    closure, x, unseen = _closure(rng), _asked(rng, 1200), _asked(rng, 400)
    b, weights = closure(x), np.ones((1200, 1))
    # Where nobody trusts the data, they are wrong.
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


def turned(rng):
    a, q = rng.normal(size=(4, 3, 3)), _turn(rng, 4)
    answer = yield {"a": a, "q": q, "single": q[0]}
    return both(
        close(answer.array("many", (4, 3, 3)), _turned(a, q), EXACT),
        close(answer.array("one", (4, 3, 3)), _turned(a, q[0]), EXACT),
    )


def frame_error(rng):
    x, q, axis = _asked(rng, 6), _turn(rng), _turn(rng)[0]
    answer = yield {**x, "axis": axis, "q": q}
    keep = np.eye(3) - np.outer(axis, axis)

    def closure(s):
        return keep @ s @ keep * x["scalars"][:, :1, None]

    s = x["tensors"][:, 0]
    error = closure(_turned(s, q)) - _turned(closure(s), q)
    return close(answer.number("error"), np.linalg.norm(error) / np.linalg.norm(closure(s)), EXACT)


def copies(rng):
    x, b, turns = _asked(rng, 4), rng.normal(size=(4, 3, 3)), _turn(rng, 3, 4)
    answer = yield {**x, "b": b, "turns": turns}
    tensors = [x["tensors"], *(_turned(x["tensors"], q[:, None]) for q in turns)]
    return both(
        close(answer.array("tensors", (16, 2, 3, 3)), np.concatenate(tensors), EXACT),
        close(answer.array("scalars", (16, 2)), np.tile(x["scalars"], (4, 1)), 0.0),
        close(
            answer.array("b", (16, 3, 3)),
            np.concatenate([b, *(_turned(b, q) for q in turns)]),
            EXACT,
        ),
    )


def _places(n):
    return (0.5 + np.arange(n)) / n


def _flow(rng, y, share=1.0):
    """Energy, dissipation and viscosity of a made-up channel, from a share of all that are."""
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


def _stress(slope, k, epsilon, coefficients):
    """`-2 k b_12` of the probe's closure in a shear."""
    c, d, _ = coefficients
    half = 0.5 * slope * k / epsilon
    return 2.0 * k * c * half / np.sqrt(1.0 + 2.0 * d * half**2)


def _slopes(y, flow, coefficients):
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
    y, coefficients = _places(30), _coefficients(rng)
    flow = _flow(rng, y)
    answer = yield _given(y, flow, coefficients)
    return close(answer.array("slope", (30,)) / _slopes(y, flow, coefficients), np.ones(30), 1e-7)


def refuses(rng):
    y, coefficients = _places(30), _coefficients(rng)
    flow = _flow(rng, y)
    # A little too much in either direction, at one place.
    k, single = flow[0][15], np.array([0.02, -0.02])
    single[1] -= 0.5 * (1.0 - y[15]) / k
    answer = yield {**_given(y, flow, coefficients), "single": single}
    slopes = answer.array("slope", (30,)) / _slopes(y, flow, coefficients)
    return both(
        close(answer.array("refused", (2,)), [1.0, 1.0], 0.0),
        close(slopes, np.ones(30), 1e-3),
    )


def _velocity(slope, y):
    pieces = 0.5 * (slope[1:] + slope[:-1]) * np.diff(y)
    return slope[0] * y[0] + np.concatenate([[0.0], np.cumsum(pieces)])


def velocity(rng):
    y, slope = np.sort(rng.uniform(0.05, 1.0, 12)), rng.uniform(0.5, 9.0, 12)
    answer = yield {"slope": slope, "y": y}
    return close(answer.array("u", (12,)), _velocity(slope, y), EXACT)


def unseen(rng, none, full):
    """The slopes that are trained with are not those of the balance: also others are learned."""
    y, coefficients = _places(40), _coefficients(rng)
    flows = [_flow(rng, y, share) for share in 8 * [1.0] + [0.5]]
    right = [_slopes(y, flow, coefficients) for flow in flows]
    answer = yield {
        "flows": np.array([flow[:2] for flow in flows]),
        "slopes": np.array(right) * rng.uniform(0.0, 3.0, (9, 40)),
        "y": y,
        "viscosities": np.array([flow[2] for flow in flows]),
        "coefficients": coefficients,
        "seed": rng.integers(1 << 30),
    }
    expected = _velocity(right[-1], y)
    error = np.linalg.norm(answer.array("u", (40,)) - expected) / np.linalg.norm(expected)
    return log_ramp(error, none, full, " relative error of U")
