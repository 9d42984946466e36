"""Calls the student's functions; returns arrays only."""

import keras
import numpy as np


def _river(student, load, known):
    """A river from `(amount, place, width)` and `(inlet, velocity, length, cells)`."""
    inlet, velocity, length, cells = known
    return student.River(student.outfall(*load), inlet, velocity, length, int(cells))


def solve_order(student, dispersion, decay, discharge, known):
    inlet, velocity, length, cells = known
    rivers = [
        student.River(lambda x: discharge + 0.0 * x, inlet, velocity, length, int(cells) * k)
        for k in (1, 2, 4)
    ]
    return {f"c{k}": student.solve(dispersion, decay, r) for k, r in zip((1, 2, 4), rivers)}


def solve_field(student, dispersion, decay, load, known):
    return {"c": student.solve(dispersion, decay, _river(student, load, known))}


def misfit(student, dispersion, decay, load, known, samples):
    return {"j": student.misfit(dispersion, decay, _river(student, load, known), samples)[0]}


def gradient(student, dispersion, decay, load, known, samples):
    _, one, other = student.misfit(dispersion, decay, _river(student, load, known), samples)
    return {"by_dispersion": one, "by_decay": other}


def solves(student, dispersion, decay, load, known, samples):
    names, count = student._namespace, []
    matrix = names["matrix"]

    def counted(*args, **kwargs):
        count.append(1)
        return matrix(*args, **kwargs)

    names["matrix"] = counted
    answer = gradient(student, dispersion, decay, load, known, samples)
    return {**answer, "count": len(count)}


def fit(student, load, known, samples, firsts):
    river = _river(student, load, known)
    return {"found": [student.fit(river, samples, first) for first in firsts]}


fit_far = fit_unequal = fit


def covariance(student, coefficients, load, known, samples, prior):
    river = _river(student, load, known)
    return {
        "known": student.covariance(*coefficients, river, samples, prior),
        "free": student.covariance(*coefficients, river, samples),
    }


def interval(student, values, stds, levels):
    return {"bounds": [student.interval(*row) for row in zip(values, stds, levels)]}


def coverage(student, load, known, places, sigma, values, truth, level):
    river, bounds = _river(student, load, known), []
    for row in values:
        samples = np.stack([places, row, sigma], axis=1)
        found = student.fit(river, samples, truth)
        stds = np.sqrt(np.diag(student.covariance(*found, river, samples)))
        bounds.append([student.interval(v, s, level) for v, s in zip(found, stds)])
    return {"bounds": bounds}


def weakest(student, covariance):
    direction, deviation = student.weakest(covariance)
    return {"direction": direction, "deviation": deviation}


def _untrained(student, load, known, samples, first, weights):
    """A `PINN` with the student's problem, given weights, and given coefficients."""
    river = _river(student, load, known)
    network = student.small_network(river)
    inner, bias, outer, last = weights
    network.layers[-2].set_weights([inner[None], bias])
    network.layers[-1].set_weights([outer[:, None], last[:1]])
    return student.PINN(network, student.make_problem(river, samples, first))


def residual(student, places, load, known, samples, first, new, weights):
    model = _untrained(student, load, known, samples, first, weights)
    points = keras.ops.convert_to_tensor(places[:, None])
    left = {"first": model.residuals({"residual": points})["residual"]}
    for name, value in zip(("ln_dispersion", "ln_decay"), new):
        model.coefficients[name].assign(np.log(value))
    return {**left, "new": model.residuals({"residual": points})["residual"]}


def loss(student, places, load, known, samples, first, weights):
    model = _untrained(student, load, known, samples, first, weights)
    points = model.problem.sample(100, num_boundary=1)
    return {"loss": model.evaluate_loss({**points, "residual": places[:, None]})}


def estimate(student, load, known, samples, first, seed):
    river = _river(student, load, known)
    for start in range(3):
        network = student.small_network(river, int(seed) + start)
        model, points = student.train(network, student.make_problem(river, samples, first), 150)
        if model.evaluate_loss(points) < 10.0 * student.TRUST:
            break  # else it is caught in a minimum that explains nothing, as happens now and then
    return {"found": student.coefficients(model)}
