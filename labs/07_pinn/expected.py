"""The answers. Each function yields the inputs of its check and scores the answer."""

import math

import numpy as np

from keras_solvers.grading import Verdict, at_most, both, close, log_ramp

EXACT = 1e-9  # relative; rounding of a few products, with room


def _points(rng, count):
    return rng.uniform((-1.0, 0.0), (1.0, 1.0), (count, 2))


def _waves(rng):
    """Amplitudes and phases of waves that depend on place and time together."""
    return {
        "amplitudes": rng.uniform(0.3, 1.0, 3),
        "a": rng.uniform(1.0, 3.0, 3),
        "b": rng.uniform(1.0, 3.0, 3) * rng.choice([-1.0, 1.0], 3),
        "c": rng.uniform(0.0, 6.0, 3),
    }


def _of_waves(points, amplitudes, a, b, c):
    """`u`, `u_x`, `u_t`, `u_xx` of the sum of waves."""
    phases = points[:, :1] * a + points[:, 1:] * b + c
    slope = np.cos(phases)
    parts = np.sin(phases), a * slope, b * slope, -(a**2) * np.sin(phases)
    return np.stack([part @ amplitudes for part in parts])


def _network(rng, units=6):
    return {
        "inner": rng.normal(size=(2, units)),
        "bias": rng.normal(size=units),
        "outer": rng.normal(size=(units, 1)),
        "offset": rng.normal(size=1),
    }


def _of_network(points, inner, bias, outer, offset):
    """`u`, `u_x`, `u_t`, `u_xx` of one layer of tanh units."""
    y = np.tanh(points @ inner + bias)
    slope = 1.0 - y**2
    parts = y, inner[0] * slope, inner[1] * slope, -2.0 * inner[0] ** 2 * y * slope
    values = np.stack([part @ outer[:, 0] for part in parts])
    values[0] += offset
    return values


def derivatives(rng):
    points, waves = _points(rng, 9), _waves(rng)
    answer = yield {"points": points, **waves}
    return close(answer.array("found", (4, 9)), _of_waves(points, **waves), EXACT)


def derivatives_of_a_network(rng):
    points, weights, shares = _points(rng, 7), _network(rng), rng.normal(size=(4, 7))
    answer = yield {"points": points, "shares": shares, **weights}

    def total(bias):
        return np.sum(shares * _of_network(points, **{**weights, "bias": bias}))

    steps = 1e-5 * np.eye(len(weights["bias"]))
    slope = [total(weights["bias"] + s) - total(weights["bias"] - s) for s in steps]
    return both(
        close(answer.array("found", (4, 7)), _of_network(points, **weights), EXACT),
        close(answer.array("slope", (len(slope),)), np.array(slope) / 2e-5, 1e-6),
    )


def _residual(points, viscosity, waves):
    u, u_x, u_t, u_xx = _of_waves(points, **waves)
    return u_t + u * u_x - viscosity * u_xx


def residual(rng):
    points, waves, viscosity = _points(rng, 11), _waves(rng), rng.uniform(0.05, 0.5)
    height, speed = rng.uniform(0.3, 1.0, 2)
    answer = yield {
        "points": points,
        **waves,
        "viscosity": viscosity,
        "height": height,
        "speed": speed,
    }
    return both(
        close(answer.array("waves", (11,)), _residual(points, viscosity, waves), EXACT),
        close(answer.array("travelling", (11,)), np.zeros(11), atol=EXACT),
    )


def soft_loss(rng):
    inside, start, sides = _points(rng, 12), _points(rng, 7), _points(rng, 5)
    start[:, 1], sides[:, 0] = 0.0, rng.choice([-1.0, 1.0], 5)
    waves, viscosity, weight = _waves(rng), rng.uniform(0.05, 0.5), rng.uniform(2.0, 20.0)
    places = {"inside": inside, "start": start, "sides": sides}
    answer = yield {**places, **waves, "viscosity": viscosity, "weight": weight}
    first = _of_waves(start, **waves)[0] + np.sin(np.pi * start[:, 0])
    wall = _of_waves(sides, **waves)[0]
    expected = np.mean(_residual(inside, viscosity, waves) ** 2)
    expected += weight * (np.mean(first**2) + np.mean(wall**2))
    return close(answer.array("loss", ()), expected, EXACT)


def exact_conditions(rng):
    start, low, high = _points(rng, 9), _points(rng, 6), _points(rng, 6)
    start[:, 1], low[:, 0], high[:, 0] = 0.0, -1.0, 1.0
    waves = _waves(rng)
    waves["amplitudes"] = 1e3 * waves["amplitudes"]
    answer = yield {"points": np.concatenate([start, low, high]), **waves}
    target = np.concatenate([-np.sin(np.pi * start[:, 0]), np.zeros(12)])
    return close(answer.array("u", (21, 1))[:, 0], target, atol=1e-9)


def exact_reaches(rng):
    """The distance: not zero inside, as steep as the way to the boundary, and smooth."""
    inside = rng.uniform((-0.9, 0.1), (0.9, 1.0), (40, 2))
    x, t, small = rng.uniform(-0.9, 0.9, 10), rng.uniform(0.1, 1.0, 10), 1e-3
    sides = [
        np.stack(pair, axis=-1)
        for k in (1.0, 2.0)
        for pair in (
            (x, k * small + 0.0 * t),
            (1.0 - k * small + 0.0 * x, t),
            (-1.0 + k * small + 0.0 * x, t),
        )
    ]
    step, middle = 1e-3, np.linspace(-0.9, 0.9, 181)
    bent = [np.stack([middle + k * step, 0.5 + 0.0 * middle], axis=-1) for k in (-1, 0, 1)]
    size = rng.uniform(1.0, 3.0)
    blocks = [inside, *sides, *bent]
    answer = yield {"points": np.concatenate(blocks)[:, None], "network": np.array([size])}
    added = answer.array("added", (sum(map(len, blocks)), 1))[:, 0] / size
    parts = np.split(added, np.cumsum([len(block) for block in blocks])[:-1])
    weakest = np.min(np.abs(parts[0]))
    double = np.concatenate(parts[4:7]) / np.where(np.abs(added[40:70]) > 0, added[40:70], 1e-300)
    curvature = np.abs(parts[7] - 2.0 * parts[8] + parts[9]) / step**2
    return both(
        Verdict(float(weakest > 1e-3), f"distance {weakest:.2g} inside", "above 0.001"),
        Verdict(float(np.ptp(np.sign(parts[0])) == 0.0), "one sign inside", "one sign inside"),
        close(double, np.full(30, 2.0), 0.05),
        at_most(np.max(curvature), 200.0, " second derivative of the distance"),
    )


def _slope_jacobian(points, inner, bias, outer, offset):
    """`u_x` of a network, and its derivatives in inner, bias, outer, offset."""
    y = np.tanh(points @ inner + bias)
    slope, bend = 1.0 - y**2, -2.0 * y * (1.0 - y**2)
    v, w = outer[:, 0], inner[0]
    in_bias = v * w * bend
    parts = [v * slope + in_bias * points[:, :1], in_bias * points[:, 1:], in_bias, w * slope]
    parts.append(np.zeros((len(points), 1)))
    return (w * slope) @ v, np.concatenate(parts, axis=1)


def jacobian(rng):
    points, weights = _points(rng, 9), _network(rng)
    answer = yield {"points": points, **weights}
    r, j = _slope_jacobian(points, **weights)
    return both(
        close(answer.array("r", (9,)), r, EXACT),
        close(answer.array("j", j.shape), j, EXACT),
        close(answer.array("compiled", j.shape), j, EXACT),
    )


def damped_step(rng):
    inputs, shapes = {}, ((9, 4), (5, 8), (12, 6))
    for k, shape in enumerate(shapes):
        j = rng.normal(size=shape)
        if k == 2:
            j[:, 3] = j[:, 1] + j[:, 2]  # a weight too many
        inputs |= {f"r{k}": rng.normal(size=shape[0]), f"j{k}": j}
        inputs[f"damping{k}"] = 10.0 ** rng.uniform(-3.0, 1.0)
    answer = yield inputs
    verdicts = []
    for k, (_, m) in enumerate(shapes):
        r, j, damping = (inputs[f"{name}{k}"] for name in ("r", "j", "damping"))
        tall = np.concatenate([j, math.sqrt(damping) * np.eye(m)])
        best = np.linalg.lstsq(tall, -np.concatenate([r, np.zeros(m)]), rcond=None)[0]
        verdicts.append(close(answer.array(f"d{k}", (m,)), best, 1e-7))
    return both(*verdicts)


def fits(rng):
    times, steps = np.linspace(0.0, 3.0, 12), 120
    truth = rng.uniform((1.0, 0.5, -1.0), (3.0, 2.0, 1.0))
    valley = np.array([rng.uniform(8.0, 12.0), rng.uniform(0.8, 1.2), 1.0])
    values = truth[0] * np.exp(-truth[1] * times) + truth[2]
    answer = yield {
        "times": times,
        "values": values,
        "start": np.array([0.1, 4.0, 0.0]),
        "scale": 1.0,
        "steps": steps,
        "valley": valley,
    }
    lowest = np.array([valley[1], valley[1] ** 2])
    verdicts = []
    for name, target in {"decay": truth, "valley": lowest, "small": lowest}.items():
        losses = answer.array(f"{name}_losses", (steps + 1,))
        found = answer.array(f"{name}_w", target.shape)
        verdicts.append(close(found, target, 1e-6))
        verdicts.append(at_most(np.max(np.diff(losses)), 0.0, " rise of the loss"))
    first = np.array([-1.2, 1.0])
    r = np.array([valley[0] * (first[1] - first[0] ** 2), valley[1] - first[0]])
    start = answer.array("valley_losses", (steps + 1,))[0]
    return both(*verdicts, close(np.array(start), r @ r, EXACT))


def damping(rng):
    """The damping of a failure: seen from the trials, which never succeed."""
    steps = int(rng.integers(8, 12))
    answer = yield {"steps": steps}
    verdicts = []
    for name, first in {"usual": 1e-2, "given": 1.0}.items():
        trials = answer.array(f"{name}_trials", (None, 2))[1:, 0]
        dampings = -1.0 / trials - 1.0  # r = (1, 1) and J = I
        verdicts.append(close(dampings, first * 2.0 ** np.arange(steps), 1e-6))
        verdicts.append(close(answer.array(f"{name}_w", (2,)), np.zeros(2), atol=0.0))
        losses = answer.array(f"{name}_losses", (steps + 1,))
        verdicts.append(close(losses, np.full(steps + 1, 2.0), EXACT))
    return both(*verdicts)


def line(rng, none, full):
    """`u = (1 - x^2) exp(a x)`: `f` is a parabola times the exponential."""
    a = rng.uniform(0.5, 1.2) * rng.choice([-1.0, 1.0])
    x, test = np.linspace(-1.0, 1.0, 100), np.linspace(-1.0, 1.0, 301)
    answer = yield {
        "points": np.stack([x, 0.0 * x], axis=-1),
        "test": np.stack([test, 0.0 * test], axis=-1),
        "coefficients": np.array([a, 2.0 - a**2, 4.0 * a, a**2]),
        "seed": int(rng.integers(1 << 30)),
        "steps": 400,
    }
    exact = (1.0 - test**2) * np.exp(a * test)
    error = np.linalg.norm(answer.array("u", (301, 1))[:, 0] - exact) / np.linalg.norm(exact)
    return log_ramp(error, none, full, " relative error")


def rate(rng):
    """Against derivatives of sines, on two grids: the error falls with the square of `h`."""
    viscosity, weights = rng.uniform(0.05, 0.5), rng.normal(size=3)
    k = np.pi * np.arange(1, 4)
    inputs, targets, errors = {"viscosity": viscosity}, {}, []
    for n in (200, 400):
        phases = np.linspace(-1.0, 1.0, n + 1)[:, None] * k
        u, slope = np.sin(phases) @ weights, np.cos(phases) @ (k * weights)
        inputs[f"u{n}"] = u
        targets[n] = -viscosity * np.sin(phases) @ (k**2 * weights) - u * slope
    answer = yield inputs
    scale = np.max(np.abs(targets[400]))
    for n, target in targets.items():
        found = answer.array(f"u{n}", (n + 1,))
        errors.append(np.max(np.abs(found - target)) / scale)
        ends = np.abs(found[[0, -1]]).max()
    return both(
        at_most(errors[0], 0.02, " relative error on 200 cells"),
        at_most(errors[1], max(0.3 * errors[0], 1e-6), " relative error on 400 cells"),
        at_most(ends, 1e-12, " rate at the ends"),
    )


def _repaid(error, spent, training, errors, seconds):
    """The first number of solves at which the network is not behind, by counting."""
    usable = seconds[errors <= error]
    if len(usable) == 0:
        return 1.0
    saved = np.min(usable) - spent
    return math.inf if saved <= 0.0 else max(1.0, math.ceil(training / saved))


def break_even(rng):
    count, settings = 24, 6
    errors, seconds = 10.0 ** rng.uniform(-6.0, -1.0, (2, count, settings))
    seconds *= 1e3
    training = rng.uniform(1.0, 100.0, count)
    networks = np.stack(
        [10.0 ** rng.uniform(-6.5, -1.0, count), 10.0 ** rng.uniform(-4.0, 1.0, count), training],
        -1,
    )
    networks[0, 0], networks[1, 1], networks[2, 2] = 1e-9, 1e9, 0.0
    networks[3, 0] = np.min(errors[3])  # exactly as accurate
    networks[3, 1] = 1e-5
    answer = yield {"networks": networks, "errors": errors, "seconds": seconds}
    expected = [_repaid(*n, e, s) for n, e, s in zip(networks, errors, seconds)]
    found = answer.array("solves", (count,))
    return close(found / np.minimum(expected, 1e15), np.ones(count), EXACT)
