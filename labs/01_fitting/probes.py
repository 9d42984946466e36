"""Calls the student's functions; returns arrays only."""

import keras
import numpy as np


def design_matrix(student, x, degree):
    constant = student.design_matrix(x, 0)
    return {"matrix": student.design_matrix(x, degree), "constant": constant}


def fit_exact(student, x, y, degree):
    return {"coefficients": student.fit_polynomial(x, y, degree)}


def fit_noisy(student, x, y, degree):
    return {"coefficients": student.fit_polynomial(x, y, degree)}


def fit_ridge(student, x, y, degree, ridge):
    return {"coefficients": student.fit_polynomial(x, y, degree, ridge=ridge)}


def choose_degree(student, x, y, x_valid, y_valid, max_degree):
    degree, errors = student.choose_degree(x, y, x_valid, y_valid, max_degree)
    return {"degree": degree, "errors": errors}


def ball_volume(student, dimensions):
    return {"volumes": [student.ball_volume(int(n)) for n in dimensions]}


def ball_share(student, dimensions, num_samples, seed):
    shares = [student.ball_share(int(n), num_samples, seed) for n in dimensions]
    again = [student.ball_share(int(n), num_samples, seed) for n in dimensions]
    other = [student.ball_share(int(n), num_samples, seed + 1) for n in dimensions]
    return {"shares": shares, "again": again, "other": other}


def network_quality(student, x, y, x_new, seed):
    return _saved(student.fit_network(x, y, seed, 60))


def inspect_network_quality(answer, x, y, x_new, seed):
    return {"y": np.ravel(_loaded(answer).predict(x_new[:, None], verbose=0))}


def network_structure(student, seed):
    return _saved(student.build_network(seed))


def inspect_network_structure(answer, seed):
    network = _loaded(answer)
    x = np.linspace(-2.0, 2.0, 41)[:, None]
    return {
        "shape": network.predict(x, verbose=0).shape,
        "parameters": network.count_params(),
        "y": np.ravel(network.predict(x, verbose=0)),
    }


def network_export(student, x, seed):
    network = student.build_network(seed)
    return {**_saved(network), "y": np.ravel(network.predict(x[:, None], verbose=0))}


def inspect_network_export(answer, x, seed):
    return {
        "before": answer["y"],
        "after": np.ravel(_loaded(answer).predict(x[:, None], verbose=0)),
    }


def _saved(network):
    network.save("network.keras")
    with open("network.keras", "rb") as file:
        return {"model": np.frombuffer(file.read(), np.uint8)}


def _loaded(answer):
    with open("loaded.keras", "wb") as file:
        file.write(answer["model"].tobytes())
    return keras.saving.load_model("loaded.keras")
