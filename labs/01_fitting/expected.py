"""The answers. Each function yields the inputs of its check and scores the answer."""

import math

import numpy as np

from keras_solvers.grading import Verdict, at_least, at_most, both, close, log_ramp

EXACT = 1e-8  # relative; rounding of a well-conditioned least-squares problem, with room


def design_matrix(rng):
    x, degree = rng.normal(size=7), 5
    answer = yield {"x": x, "degree": degree}
    return both(
        close(answer.array("matrix", (7, 6)), np.vander(x, 6, increasing=True), EXACT),
        close(answer.array("constant", (7, 1)), np.ones((7, 1)), EXACT),
    )


def fit_exact(rng):
    x, coefficients = rng.uniform(-1.0, 1.0, 30), rng.normal(size=5)
    answer = yield {"x": x, "y": np.polynomial.Polynomial(coefficients)(x), "degree": 4}
    return close(answer.array("coefficients", (5,)), coefficients, EXACT)


def fit_noisy(rng):
    x, y = rng.uniform(-1.0, 1.0, 40), rng.normal(size=40)
    answer = yield {"x": x, "y": y, "degree": 6}
    expected = np.polynomial.Polynomial.fit(x, y, 6, domain=[-1, 1]).coef
    return close(answer.array("coefficients", (7,)), expected, EXACT)


def fit_ridge(rng):
    x, y, ridge = rng.uniform(-1.0, 1.0, 20), rng.normal(size=20), rng.uniform(0.5, 2.0)
    answer = yield {"x": x, "y": y, "degree": 3, "ridge": ridge}
    matrix = np.vander(x, 4, increasing=True)
    expected = np.linalg.solve(matrix.T @ matrix + ridge * np.eye(4), matrix.T @ y)
    return close(answer.array("coefficients", (4,)), expected, EXACT)


def choose_degree(rng):
    def samples(size):
        x = rng.uniform(-1.0, 1.0, size)
        return x, np.cos(4.0 * x) + 0.3 * rng.normal(size=size)

    (x, y), (x_valid, y_valid) = samples(30), samples(60)
    answer = yield {"x": x, "y": y, "x_valid": x_valid, "y_valid": y_valid, "max_degree": 9}
    errors = [
        np.sqrt(np.mean((np.polynomial.Polynomial.fit(x, y, d)(x_valid) - y_valid) ** 2))
        for d in range(10)
    ]
    return both(
        close(answer.array("errors", (10,)), errors, 1e-6),
        close(answer.number("degree"), float(np.argmin(errors)), 0.0),
    )


def ball_volume(rng):
    dimensions = np.arange(1, 31)
    answer = yield {"dimensions": dimensions}
    expected = [math.pi ** (n / 2) / math.gamma(n / 2 + 1) for n in dimensions]
    return close(answer.array("volumes", (30,)) / expected, np.ones(30), EXACT)


def ball_share(rng):
    dimensions, size = np.arange(1, 8), 40_000
    answer = yield {
        "dimensions": dimensions,
        "num_samples": size,
        "seed": int(rng.integers(1 << 30)),
    }
    exact = np.array([math.pi ** (n / 2) / math.gamma(n / 2 + 1) / 2.0**n for n in dimensions])
    shares = answer.array("shares", (7,))
    spread = np.sqrt(np.maximum(exact * (1.0 - exact), 1e-12) / size)
    counts = shares * size
    differs = np.count_nonzero(shares != answer.array("other", (7,)))
    return both(
        at_most(np.max(np.abs(shares - exact) / spread), 5.0, " standard errors"),
        close(answer.array("again", (7,)), shares, 0.0),
        close(counts, np.round(counts), 1e-9),  # a share of so many points, not a formula
        at_least(differs, 4, " shares that differ with the seed"),
    )


def network_quality(rng, none, full):
    shift = rng.uniform(-0.5, 0.5)
    x = rng.uniform(-1.0, 1.0, 400)
    x_new = rng.uniform(-0.98, 0.98, 500)
    y = np.sin(5.0 * (x + shift)) * np.exp(-x) + 0.02 * rng.normal(size=400)
    answer = yield {"x": x, "y": y, "x_new": x_new, "seed": int(rng.integers(1 << 30))}
    truth = np.sin(5.0 * (x_new + shift)) * np.exp(-x_new)
    error = np.sqrt(np.mean((answer.array("y", (500,)) - truth) ** 2)) / np.std(truth)
    return log_ramp(error, none, full, " relative error")


def network_structure(rng):
    answer = yield {"seed": int(rng.integers(1 << 30))}
    y = answer.array("y", (41,))
    bend = np.max(np.abs(y[:-2] - 2.0 * y[1:-1] + y[2:])) / max(np.ptp(y), 1e-12)
    shape = answer.array("shape", (None,)).tolist()
    return both(
        at_most(answer.number("parameters"), 2000, " parameters"),
        at_least(bend, 1e-4, " bend of the untrained network"),
        Verdict(float(shape == [41, 1]), f"output shape {shape}", "[41, 1]"),
    )


def network_export(rng):
    answer = yield {"x": rng.normal(size=20), "seed": int(rng.integers(1 << 30))}
    return close(answer.array("after", (20,)), answer.array("before", (20,)), 1e-5)
