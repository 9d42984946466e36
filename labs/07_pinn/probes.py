"""Calls the student's functions; returns arrays only."""

import keras
import numpy as np
import tensorflow as tf


def _waves(amplitudes, a, b, c):
    """Sum of waves `sin(a x + b t + c)`, a function of points."""

    def u(points):
        phases = points[:, :1] * a + points[:, 1:2] * b + c
        return tf.reduce_sum(amplitudes * tf.sin(phases), axis=1, keepdims=True)

    return u


class OneLayer(keras.Model):
    """One hidden layer of tanh units, whose derivatives are a formula."""

    def __init__(self, inner, bias, outer, offset):
        super().__init__(dtype="float64")
        self.parts = [self.add_weight(w.shape, dtype="float64") for w in (inner, bias, outer)]
        self.parts.append(self.add_weight((1,), dtype="float64"))
        for variable, value in zip(self.parts, (inner, bias, outer, offset)):
            variable.assign(value)

    def call(self, points):
        inner, bias, outer, offset = self.parts
        return tf.matmul(tf.tanh(tf.matmul(points, inner) + bias), outer) + offset


def _stacked(parts):
    return np.stack([np.asarray(part) for part in parts])


def derivatives(student, points, amplitudes, a, b, c):
    u = _waves(amplitudes, a, b, c)
    return {"found": _stacked(student.derivatives(u, tf.constant(points)))}


def derivatives_of_a_network(student, points, shares, **weights):
    network = OneLayer(**weights)
    with tf.GradientTape() as tape:
        found = student.derivatives(network, tf.constant(points))
        total = tf.reduce_sum(tf.constant(shares) * tf.stack(found))
    slope = tape.gradient(total, network.parts[1].value)
    return {"found": _stacked(found), "slope": slope}


def residual(student, points, amplitudes, a, b, c, viscosity, height, speed):
    def wave(p):
        phase = height * (p[:, :1] - speed * p[:, 1:2]) / (2.0 * viscosity)
        return speed - height * tf.tanh(phase)

    p, u = tf.constant(points), _waves(amplitudes, a, b, c)
    return {
        "waves": student.residual(u, p, viscosity),
        "travelling": student.residual(wave, p, viscosity),
    }


def soft_loss(student, inside, start, sides, amplitudes, a, b, c, viscosity, weight):
    places = [tf.constant(p) for p in (inside, start, sides)]
    u = _waves(amplitudes, a, b, c)
    return {"loss": student.soft_loss(u, *places, viscosity, weight)}


def exact_conditions(student, points, amplitudes, a, b, c):
    u = student.exact(_waves(amplitudes, a, b, c))
    return {"u": u(tf.constant(points))}


def exact_reaches(student, points, network):
    """What a network adds to the trial function, at each of some sets of points."""

    def add(p):
        p = tf.constant(p)
        values = tf.constant(network)[:, None] * tf.ones_like(p[:, :1])
        return (student.exact(lambda _: values)(p) - student.exact(lambda _: 0.0 * values)(p))[:, 0]

    return {"added": np.stack([np.asarray(add(p)) for p in points])}


def jacobian(student, points, **weights):
    network = OneLayer(**weights)

    def slope(p):  # the offset has no influence
        with tf.GradientTape() as tape:
            tape.watch(p)
            values = network(p)
        return tape.gradient(values, p)[:, 0]

    variables = [v.value for v in network.trainable_variables]
    r, j = student.jacobian(slope, tf.constant(points), variables)
    graph = tf.function(lambda p: student.jacobian(slope, p, variables), autograph=False)
    return {"r": r, "j": j, "compiled": graph(tf.constant(points))[1]}


def damped_step(student, **arrays):
    steps = {}
    for k in range(3):
        r, j, damping = (arrays[f"{name}{k}"] for name in ("r", "j", "damping"))
        steps[f"d{k}"] = student.damped_step(r, j, damping)
    return steps


def _decay(times, values, scale):
    """Residuals and Jacobian of the fit of `a exp(-b t) + c` to values."""

    def linearize(w):
        # A trial may go far: what overflows is not a number, as in a training that failed.
        with np.errstate(all="ignore"):
            e = np.exp(-w[1] * times)
            r = w[0] * e + w[2] - values
            j = np.stack([e, -w[0] * times * e, np.ones_like(e)], axis=-1)
        return scale * r, scale * j

    return linearize


def _valley(steepness, place, scale):
    """Residuals and Jacobian of Rosenbrock's valley, whose lowest point is `(place, place^2)`."""

    def linearize(w):
        r = np.array([steepness * (w[1] - w[0] ** 2), place - w[0]])
        j = np.array([[-2.0 * steepness * w[0], steepness], [-1.0, 0.0]])
        return scale * r, scale * j

    return linearize


def fits(student, times, values, start, scale, steps, valley):
    answer = {}
    runs = {
        "decay": (_decay(times, values, scale), start),
        "valley": (_valley(*valley), np.array([-1.2, 1.0])),
        "small": (_valley(valley[0], valley[1], 1e-3), np.array([-1.2, 1.0])),
    }
    for name, (linearize, first) in runs.items():
        w, losses = student.levenberg_marquardt(linearize, first, int(steps))
        answer[f"{name}_w"], answer[f"{name}_losses"] = w, losses
    return answer


def _refused(trials):
    """Residuals that are smallest at zero, and notes of where they were asked for."""

    def linearize(w):
        trials.append(np.copy(w))
        size = 1.0 if np.all(w == 0.0) else 2.0 if len(trials) % 2 else np.nan
        return np.array([size, size]), np.eye(2)

    return linearize


def damping(student, steps):
    """Where trials go that all fail, by a larger loss or by none at all."""
    answer = {}
    for name, first in {"usual": (), "given": (1.0,)}.items():
        trials = []
        linearize = _refused(trials)
        w, losses = student.levenberg_marquardt(linearize, np.zeros(2), int(steps), *first)
        answer |= {f"{name}_trials": np.stack(trials), f"{name}_w": w, f"{name}_losses": losses}
    return answer


def line(student, points, test, coefficients, seed, steps):
    """Trains a network for `-u'' = f` by the student's functions; `f` a sum of powers times exp."""
    a, powers = coefficients[0], tf.constant(coefficients[1:])

    def source(x):
        terms = [powers[k] * x**k for k in range(len(coefficients) - 1)]
        return tf.exp(a * x) * tf.add_n(terms)

    network = student.tanh_network(1, 16, 2, int(seed))
    u, left = student.line_problem(network, source)
    linearize = student.least_squares(network, left, tf.constant(points))
    first = student.get_weights(network)
    weights, _ = student.levenberg_marquardt(linearize, first, int(steps))
    student.set_weights(network, np.asarray(weights))
    return {"u": u(tf.constant(test))}


def rate(student, viscosity, **values):
    return {name: student.rate(v, float(viscosity)) for name, v in values.items()}


def break_even(student, networks, errors, seconds):
    found = []
    for (error, spent, training), e, s in zip(networks, errors, seconds):
        number = student.break_even(error, spent, training, list(zip(e, s)))
        found.append(min(float(number), 1e15))  # an answer holds finite numbers only
    return {"solves": np.array(found)}
