"""Calls the student's functions; returns arrays only."""

import numpy as np


def residual(student, x, y):
    return {"residual": student.residual(x, y)}


def error_bound(student, x, y):
    return {"bound": student.error_bound(x, y)}


def fixed_point(student, x, max_steps):
    before = x.copy()
    answers = [np.array(student.fixed_point(x, k)) for k in range(max_steps + 1)]
    return {"answers": answers, "change_of_x": np.max(np.abs(x - before))}


def newton(student, x, start, max_steps):
    before = x.copy()
    # One start does not look at `x`, the other hands out a part of it.
    given = [np.array(student.newton(x, lambda _: start, k)) for k in range(max_steps + 1)]
    at_mean = [np.array(student.newton(x, lambda x: x[:, 0], k)) for k in range(max_steps + 1)]
    change = np.max(np.abs(x - before))
    return {"given": given, "at_mean": at_mean, "change_of_x": change}


def solved_samples(student, num_samples, max_eccentricity, seed):
    x, y = student.solved_samples(num_samples, max_eccentricity, seed)
    again, _ = student.solved_samples(num_samples, max_eccentricity, seed)
    other, _ = student.solved_samples(num_samples, max_eccentricity, seed + 1)
    return {"x": x, "y": y, "again": again, "other": other}


def features(student, x):
    turned = x + np.array([2.0 * np.pi, 0.0])
    circles = x * np.array([1.0, 0.0])
    return {
        "values": student.features(x),
        "turned": student.features(turned),
        "circles": student.features(circles),
    }


def train(student, x, y):
    return {"features": student.features(x), "coefficients": student.train(x, y)}


def guess_quality(student, x, y, x_new):
    coefficients = student.train(x, y)
    return {"y": x_new[:, 0] + np.asarray(student.features(x_new)) @ coefficients}


def speed_up(student, seconds, errors, classic_seconds, classic_errors):
    return {
        "ratios": [
            student.speed_up(s, e, classic_seconds.copy(), classic_errors.copy())
            for s, e in zip(seconds, errors, strict=True)
        ]
    }


def speed_up_refuses(student, errors, classic_seconds, classic_errors):
    ratios = [student.speed_up(1.0, e, classic_seconds, classic_errors) for e in errors]
    return {"refused": np.isnan(np.asarray(ratios, float))}


def break_even(student, training_seconds, seconds, classic_seconds, batch_size):
    counts = [
        student.break_even(training_seconds, s, c, batch_size)
        for s, c in zip(seconds, classic_seconds, strict=True)
    ]
    counts = np.asarray(counts, float)
    never = np.isposinf(counts)
    return {"never": never, "counts": np.where(never, 0.0, counts)}
