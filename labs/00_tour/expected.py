"""The answers. Each function yields the inputs of its check and scores the answer."""

import numpy as np

from keras_solvers.grading import Verdict, at_least, at_most, both, close, log_ramp

EXACT = 1e-9  # relative; a handful of operations in float64, with room
TURN = 2.0 * np.pi


def residual(rng):
    x, y = _orbits(rng, 50, 0.95), rng.uniform(-1.0, 7.0, 50)
    answer = yield {"x": x, "y": y}
    return close(answer.array("residual", (50,)), _residual(x, y), EXACT)


def error_bound(rng):
    x, y = _orbits(rng, 50, 0.95), rng.uniform(-1.0, 7.0, 50)
    answer = yield {"x": x, "y": y}
    expected = np.abs(_residual(x, y)) / (1.0 - x[:, 1])
    return close(answer.array("bound", (50,)), expected, EXACT)


def fixed_point(rng):
    x = _orbits(rng, 30, 0.9)
    answer = yield {"x": x, "max_steps": 5}
    iterates = [x[:, 0]]
    for _ in range(5):
        iterates.append(x[:, 0] + x[:, 1] * np.sin(iterates[-1]))
    return both(
        close(answer.array("answers", (6, 30)), iterates, EXACT),
        at_most(answer.number("change_of_x"), 0.0, " change of x"),
    )


def newton(rng):
    # Moderate orbits: near e = 1 rounding would be blown up by steps that leap far away.
    x, start = _orbits(rng, 30, 0.6), rng.uniform(2.0, 4.0, 30)
    answer = yield {"x": x, "start": start, "max_steps": 4}
    return both(
        close(answer.array("given", (5, 30)), _newton(x, start, 4), EXACT),
        close(answer.array("at_mean", (5, 30)), _newton(x, x[:, 0], 4), EXACT),
        at_most(answer.number("change_of_x"), 0.0, " change of x"),
    )


def solved_samples(rng):
    highest, size = rng.uniform(0.5, 0.9), 4000
    answer = yield {
        "num_samples": size,
        "max_eccentricity": highest,
        "seed": int(rng.integers(1 << 30)),
    }
    x, y = answer.array("x", (size, 2)), answer.array("y", (size,))
    differs = np.count_nonzero(np.any(x != answer.array("other", (size, 2)), axis=1))
    # A tenth of the range holds 400 +- 19 samples of a uniform draw.
    counts = [
        np.histogram(values, 10, (0.0, end))[0] for values, end in ((y, TURN), (x[:, 1], highest))
    ]
    return both(
        at_most(np.max(np.abs(_residual(x, y))), 1e-9, " largest residual"),
        at_least(np.min(counts), 300, " samples in each tenth of the range"),
        at_least(np.sum(counts), 2 * size, " values in the range"),
        at_most(abs(np.corrcoef(y, x[:, 1])[0, 1]), 0.1, " correlation of y and e"),
        close(answer.array("again", (size, 2)), x, 0.0),
        at_least(differs, size // 2, " samples that differ with the seed"),
    )


def features(rng):
    size = 200
    answer = yield {"x": _orbits(rng, size, 0.8)}
    values = answer.array("values", (size, None))
    scale = max(np.max(np.abs(values), initial=0.0), 1e-300)
    return both(
        at_most(values.shape[1], 40, " features"),
        at_least(scale, 1e-12, " largest value"),
        close(answer.array("turned", values.shape), values, 1e-6),
        at_most(np.max(np.abs(answer.array("circles", values.shape))) / scale, 1e-9, " on circles"),
    )


def train(rng):
    size = 300
    x = _orbits(rng, size, 0.8)
    y = x[:, 0] + 3.0 * x[:, 1] * np.sin(x[:, 0]) + rng.normal(size=size)
    answer = yield {"x": x, "y": y}
    matrix = answer.array("features", (size, None))
    coefficients = answer.array("coefficients", (matrix.shape[1],))
    # Judged by what remains, since the coefficients of nearly dependent features are free.
    best = matrix @ np.linalg.lstsq(matrix, y - x[:, 0], rcond=None)[0]
    return both(
        at_least(np.linalg.norm(best), 1.0, " size of the best fit"),
        close(matrix @ coefficients, best, 1e-4),
    )


def guess_quality(rng, none, full):
    y, eccentricity = rng.uniform(0.0, TURN, 5000), rng.uniform(0.0, 0.8, 5000)
    x = np.stack([y - eccentricity * np.sin(y), eccentricity], axis=1)
    x_new = _orbits(rng, 2000, 0.8)
    answer = yield {"x": x, "y": y, "x_new": x_new}
    truth = _newton(x_new, np.full(len(x_new), np.pi), 40)[-1]
    error = np.sqrt(np.mean((answer.array("y", (2000,)) - truth) ** 2))
    return log_ramp(error, none, full, " rad root mean square error")


def speed_up(rng):
    classic_seconds, classic_errors = _curve(rng)
    seconds = rng.uniform(0.1, 10.0, 20)
    errors = np.exp(rng.uniform(*np.log([1.01 * classic_errors[-1], classic_errors[0] / 1.01]), 20))
    order = rng.permutation(len(classic_errors))
    answer = yield {
        "seconds": seconds,
        "errors": errors,
        "classic_seconds": classic_seconds[order],
        "classic_errors": classic_errors[order],
    }
    logs = np.log(classic_errors[::-1]), np.log(classic_seconds[::-1])
    expected = np.exp(np.interp(np.log(errors), *logs)) / seconds
    return close(answer.array("ratios", (20,)) / expected, np.ones(20), EXACT)


def speed_up_refuses(rng):
    classic_seconds, classic_errors = _curve(rng)
    highest, lowest = classic_errors[0], classic_errors[-1]
    errors = [highest * 3.0, highest * 1.1, highest / 1.1, lowest * 1.1, lowest / 1.1, lowest / 3.0]
    answer = yield {
        "errors": np.array(errors),
        "classic_seconds": classic_seconds,
        "classic_errors": classic_errors,
    }
    wanted = np.array([1.0, 1.0, 0.0, 0.0, 1.0, 1.0])
    right = np.count_nonzero(answer.array("refused", (6,)) == wanted)
    return Verdict(float(right == 6), f"{right} of 6 errors treated rightly", "6")


def break_even(rng):
    training, batch = rng.uniform(10.0, 100.0), int(rng.integers(2, 1000))
    seconds = rng.uniform(1.0, 2.0, 8)
    saved = np.array([0.5, 2.0, -0.5, 0.01, 0.0, 30.0, -0.9, 1.0])
    answer = yield {
        "training_seconds": training,
        "seconds": seconds,
        "classic_seconds": seconds + saved,
        "batch_size": batch,
    }
    pays = saved > 0.0
    # Recomputed, because the difference of two rounded times is not the number above.
    saved = (seconds + saved) - seconds
    expected = training * batch / saved[pays]
    counts = answer.array("counts", (8,))
    return both(
        close(answer.array("never", (8,)), ~pays, 0.0),
        close(counts[pays] / expected, np.ones(len(expected)), 1e-6),
    )


def _orbits(rng, size, max_eccentricity):
    """Random inputs `x`, mean anomalies and eccentricities, shape `(size, 2)`."""
    return rng.uniform(0.0, (TURN, max_eccentricity), (size, 2))


def _residual(x, y):
    return y - x[:, 1] * np.sin(y) - x[:, 0]


def _newton(x, start, num_steps):
    iterates = [start]
    for _ in range(num_steps):
        y = iterates[-1]
        iterates.append(y - _residual(x, y) / (1.0 - x[:, 1] * np.cos(y)))
    return np.array(iterates)


def _curve(rng):
    """A work-precision curve, errors falling: `(seconds, errors)`, each of shape `(6,)`."""
    return np.cumsum(rng.uniform(0.5, 3.0, 6)), np.cumprod(rng.uniform(0.05, 0.5, 6))
