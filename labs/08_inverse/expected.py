"""The answers. Each function yields the inputs of its check and scores the answer."""

import numpy as np
from scipy.linalg import solve_banded
from scipy.optimize import least_squares
from scipy.stats import norm

from keras_solvers.grading import at_least, at_most, both, close, log_ramp

EXACT = 1e-8  # relative; rounding of a direct solve, with room
NUMERICAL = 1e-3  # relative; where a derivative may be a difference
DRAWS = 100  # campaigns behind a share


def _discharge(load, x):
    amount, place, width = load
    return amount * np.exp(-(((x - place) / width) ** 2))


def _solved(dispersion, decay, load, known):
    """The scheme of the lab on three diagonals; also for complex coefficients."""
    inlet, velocity, length, cells = known
    n = int(cells)
    h, x = length / n, np.linspace(0.0, length, n + 1)
    spread, decay = np.broadcast_to(dispersion, n) / h, np.broadcast_to(decay, n + 1)
    bands = np.zeros((3, n + 1), np.result_type(spread, decay, float))
    bands[2, : n - 1] = -(0.5 * velocity + spread[:-1])
    bands[1, 1:n] = h * decay[1:-1] + spread[:-1] + spread[1:]
    bands[0, 2:] = 0.5 * velocity - spread[1:]
    bands[2, n - 1] = -(0.5 * velocity + spread[-1])
    bands[1, n] = 0.5 * velocity + spread[-1] + 0.5 * h * decay[-1]
    bands[1, 0] = 1.0
    b = h * _discharge(load, x)
    b[0], b[-1] = inlet, 0.5 * b[-1]
    return x, solve_banded((1, 1), bands, b)


def _seen(places, dispersion, decay, load, known):
    """Concentration at places between the points, by linear interpolation."""
    x, c = _solved(dispersion, decay, load, known)
    left = np.clip(np.searchsorted(x, places) - 1, 0, len(x) - 2)
    share = (places - x[left]) / (x[1] - x[0])
    return (1.0 - share) * c[left] + share * c[left + 1]


def _case(rng, cells=40):
    """A river with a town, and its coefficients."""
    length = rng.uniform(15.0, 25.0)
    load = np.array([rng.uniform(2.0, 4.0), rng.uniform(0.3, 0.5) * length, rng.uniform(1.2, 2.0)])
    known = np.array([rng.uniform(1.0, 3.0), rng.uniform(1.0, 2.5), length, cells])
    truth = np.array([rng.uniform(5.0, 12.0), rng.uniform(0.2, 0.5)])
    return {"load": load, "known": known}, truth


def _places(rng, known, count):
    """Spread evenly, but never on a point of the grid alone."""
    return known[2] * (np.arange(count) + rng.uniform(0.2, 0.8, count)) / count


def _campaign(rng, case, truth, sigma):
    places = _places(rng, case["known"], len(sigma))
    values = _seen(places, *truth, **case) + sigma * rng.normal(size=len(sigma))
    return np.stack([places, values, sigma], axis=1)


def _sensitivities(coefficients, samples, case):
    """Derivatives of the samples to both logarithms over the deviations, by a complex step."""
    columns = []
    for unit in np.eye(2):
        stepped = coefficients * np.exp(1e-30j * unit)
        columns.append(_seen(samples[:, 0], *stepped, **case).imag / 1e-30 / samples[:, 2])
    return np.stack(columns, axis=1)


def _covariance(coefficients, samples, case, prior=np.inf):
    s = _sensitivities(coefficients, samples, case)
    return np.linalg.inv(s.T @ s + np.eye(2) / prior**2)


def _best(samples, case, start):
    """The minimum of the misfit by Gauss-Newton steps, from the truth."""
    places, values, sigma = samples.T
    found = least_squares(
        lambda p: (_seen(places, *np.exp(p), **case) - values) / sigma,
        np.log(start),
        lambda p: _sensitivities(np.exp(p), samples, case),
        xtol=1e-14,
        ftol=1e-14,
        gtol=1e-14,
    )
    return np.exp(found.x)


def _distance(found, samples, case, truth):
    """Largest distance from the minimum in standard deviations."""
    best = _best(samples, case, truth)
    stds = np.sqrt(np.diag(_covariance(best, samples, case)))
    return np.max(np.abs(np.log(np.maximum(found, 1e-300) / best)) / stds)


def solve_order(rng):
    (case, (dispersion, decay)), discharge = _case(rng), rng.uniform(0.5, 2.0)
    known = case["known"]
    answer = yield {
        "dispersion": dispersion, "decay": decay, "discharge": discharge, "known": known
    }  # fmt: skip
    inlet, velocity, length, cells = known
    root = np.sqrt(velocity**2 + 4.0 * dispersion * decay)
    up, down = (velocity + root) / (2.0 * dispersion), (velocity - root) / (2.0 * dispersion)
    rows = [[np.exp(-up * length), 1.0], [up, down * np.exp(down * length)]]
    a, b = np.linalg.solve(rows, [inlet - discharge / decay, 0.0])
    errors = []
    for k in (1, 2, 4):
        x = np.linspace(0.0, length, int(cells) * k + 1)
        exact = discharge / decay + a * np.exp(up * (x - length)) + b * np.exp(down * x)
        errors.append(np.max(np.abs(answer.array(f"c{k}", x.shape) - exact)) / np.max(exact))
    orders = -np.diff(np.log2(np.maximum(errors, 1e-300)))
    return both(
        at_least(np.min(orders), 1.9, ", order of convergence"),
        at_most(errors[-1], 2e-3, " relative error"),
    )


def _fields(rng):
    """A case with coefficients that are different everywhere."""
    case, _ = _case(rng, cells=30)
    return {"dispersion": rng.uniform(4.0, 12.0, 30), "decay": rng.uniform(0.1, 0.5, 31), **case}


def solve_field(rng):
    fields = _fields(rng)
    # A town at the end of the river: how much is discharged into the last half cell counts.
    fields["load"][1] = rng.uniform(0.95, 1.0) * fields["known"][2]
    answer = yield fields
    return close(answer.array("c", (31,)), _solved(**fields)[1], EXACT)


def _samples_of_fields(rng):
    fields = _fields(rng)
    places = np.append(_places(rng, fields["known"], 8), fields["known"][2])
    sigma = rng.uniform(0.05, 0.5, 9)
    return fields, np.stack([places, rng.uniform(0.5, 3.0, 9), sigma], axis=1)


def _misfit(dispersion, decay, load, known, samples):
    """Not a norm: a complex step goes through it."""
    places, values, sigma = samples.T
    deviation = (_seen(places, dispersion, decay, load, known) - values) / sigma
    return 0.5 * np.sum(deviation * deviation)


def misfit(rng):
    fields, samples = _samples_of_fields(rng)
    answer = yield {**fields, "samples": samples}
    return close(answer.number("j"), _misfit(samples=samples, **fields), EXACT)


def _gradient(fields, samples, name):
    """By a complex step for each coefficient."""
    value, slopes = fields[name].astype(complex), []
    for k in range(len(value)):
        stepped = value.copy()
        stepped[k] += 1e-30j
        slopes.append(_misfit(**{**fields, name: stepped}, samples=samples).imag / 1e-30)
    return np.array(slopes)


def _gradients(answer, fields, samples, rtol):
    return [
        close(answer.array(f"by_{name}", (size,)), _gradient(fields, samples, name), rtol)
        for name, size in (("dispersion", 30), ("decay", 31))
    ]


def gradient(rng):
    fields, samples = _samples_of_fields(rng)
    answer = yield {**fields, "samples": samples}
    return both(*_gradients(answer, fields, samples, 1e-5))


def solves(rng):
    fields, samples = _samples_of_fields(rng)
    answer = yield {**fields, "samples": samples}
    count = answer.number("count")
    return both(
        at_most(count, 2.0, " matrices for 61 derivatives"),
        at_least(count, 1.0, " matrices"),
        *_gradients(answer, fields, samples, 0.1),
    )


def _fitted(rng, sigma, factors):
    """From the truth times factors, one pair for each search."""
    case, truth = _case(rng)
    samples = _campaign(rng, case, truth, sigma)
    answer = yield {**case, "samples": samples, "firsts": truth * factors}
    found = answer.array("found", (len(factors), 2))
    return at_most(
        max(_distance(pair, samples, case, truth) for pair in found),
        0.01,
        " standard deviations from the minimum",
    )


def fit(rng):
    return (yield from _fitted(rng, np.full(25, 0.1), np.array([[1.3, 0.7]])))


def fit_far(rng):
    factors = 4.0 ** np.array([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]])
    return (yield from _fitted(rng, np.full(25, 0.1), factors))


def fit_unequal(rng):
    sigma = np.where(np.arange(25) % 2 == 0, 0.03, 0.3)
    return (yield from _fitted(rng, sigma, np.array([[1.3, 0.7]])))


def covariance(rng):
    (case, truth), prior = _case(rng), rng.uniform(0.03, 0.1)
    samples = _campaign(rng, case, truth, np.where(np.arange(16) % 2 == 0, 0.05, 0.2))
    answer = yield {**case, "coefficients": truth, "samples": samples, "prior": prior}
    return both(
        *[
            close(answer.array(name, (2, 2)), _covariance(truth, samples, case, tau), NUMERICAL)
            for name, tau in (("known", prior), ("free", np.inf))
        ]
    )


def interval(rng):
    values, stds = rng.uniform(0.2, 9.0, 4), rng.uniform(0.1, 0.6, 4)
    levels = rng.uniform(0.5, 0.99, 4)
    answer = yield {"values": values, "stds": stds, "levels": levels}
    logarithms = norm.interval(levels, np.log(values), stds)
    return close(answer.array("bounds", (4, 2)), np.exp(np.stack(logarithms, axis=1)), EXACT)


def coverage(rng):
    (case, truth), level = _case(rng, cells=20), rng.uniform(0.5, 0.8)
    sigma = np.full(25, 0.05)
    places = _places(rng, case["known"], 25)
    values = _seen(places, *truth, **case) + sigma * rng.normal(size=(DRAWS, 25))
    answer = yield {
        **case, "places": places, "sigma": sigma, "values": values, "truth": truth, "level": level
    }  # fmt: skip
    low, high = np.moveaxis(answer.array("bounds", (DRAWS, 2, 2)), -1, 0)
    shares = np.mean((low < truth) & (truth < high), axis=0)
    limit = 4.0 * np.sqrt(level * (1.0 - level) / DRAWS)
    lopsided = np.abs(np.mean(truth < low, axis=0) - np.mean(truth > high, axis=0))
    return both(
        at_most(np.max(np.abs(shares - level)), limit, f" off the share {level:.2f}"),
        at_most(np.max(lopsided), 4.0 / np.sqrt(DRAWS), " more on one side"),
    )


def weakest(rng):
    angle, (small, large) = rng.uniform(0.0, np.pi), (0.01, 1.0) * rng.uniform(0.5, 2.0, 2)
    direction = np.array([np.cos(angle), np.sin(angle)])
    other = np.array([-direction[1], direction[0]])
    doubt = large * np.outer(direction, direction) + small * np.outer(other, other)
    answer = yield {"covariance": doubt}
    found = answer.array("direction", (2,))
    return both(
        close(np.outer(found, found), np.outer(direction, direction), EXACT),
        close(answer.number("deviation"), np.sqrt(large), EXACT),
    )


def _network_case(rng):
    """Weights of one hidden layer, and what it makes of places: `c`, `c'`, `c''`."""
    case, first = _case(rng)
    samples = np.stack(
        [_places(rng, case["known"], 7), rng.uniform(0.5, 3.0, 7), rng.uniform(0.05, 0.5, 7)],
        axis=1,
    )
    weights = rng.normal(size=(4, 16))
    return {**case, "samples": samples, "first": first, "weights": weights}


def _network(x, weights, length):
    inner, bias, outer, last = weights
    z = np.tanh(np.multiply.outer(2.0 * x / length - 1.0, inner) + bias)
    slope, steps = (1.0 - z * z), inner * 2.0 / length
    return z @ outer + last[0], slope * steps @ outer, -2.0 * z * slope * steps**2 @ outer


def _left(x, coefficients, case):
    _, velocity, length, _ = case["known"]
    c, by_x, by_xx = _network(x, case["weights"], length)
    dispersion, decay = coefficients
    return velocity * by_x - dispersion * by_xx + decay * c - _discharge(case["load"], x)


def residual(rng):
    case = _network_case(rng)
    places, new = rng.uniform(0.0, case["known"][2], 20), case["first"] * rng.uniform(0.5, 2.0, 2)
    answer = yield {**case, "places": places, "new": new}
    return both(
        *[
            close(answer.array(name, (20, 1))[:, 0], _left(places, values, case), EXACT)
            for name, values in (("first", case["first"]), ("new", new))
        ]
    )


def loss(rng):
    case = _network_case(rng)
    case["samples"][:, 2] *= 0.1  # so that what they leave is as large as the other terms
    inlet, _, length, _ = case["known"]
    places = rng.uniform(0.0, length, 20)
    answer = yield {**case, "places": places}
    x, values, sigma = case["samples"].T
    ends = np.array([0.0, length])
    (start, _), (_, slope), _ = _network(ends, case["weights"], length)
    seen = np.mean(((_network(x, case["weights"], length)[0] - values) / sigma) ** 2)
    squares = np.mean(_left(places, case["first"], case) ** 2)
    expected = squares + (start - inlet) ** 2 + slope**2 + 1e-4 * seen
    return close(answer.number("loss"), expected, EXACT)


def estimate(rng, none, full):
    case, truth = _case(rng, cells=400)
    samples = _campaign(rng, case, truth, np.repeat([0.05, 0.2], (10, 20)))
    first = truth * 3.0 ** rng.choice([-1.0, 1.0], 2)
    answer = yield {**case, "samples": samples, "first": first, "seed": int(rng.integers(1 << 30))}
    distance = _distance(answer.array("found", (2,)), samples, case, truth)
    return log_ramp(distance, none, full, " standard deviations from least squares")
