"""Calls the student's functions; returns arrays only."""

import keras
import numpy as np

# Of both scalars: one of them elsewhere, then both beyond all bounds.
PLACES = np.array([[3.0, 1.0], [1.0, 3.0], [1e9, 1e9], [1e12, 1e12]])


def tensors(student, gradient, k, epsilon):
    s, r = student.strain_and_rotation(gradient, k, epsilon)
    return {"s": s, "r": r}


def invariants(student, s, r):
    return {"traces": np.asarray(student.invariants(s, r))}


def basis(student, s, r):
    return {"tensors": np.asarray(student.basis(s, r))}


symmetric = basis


def turns(student, tensors, scalars, q, width, depth, seed):
    keras.utils.set_random_seed(int(seed))
    network = student.closure_network(int(width), int(depth))
    away = np.einsum("ij,ntjk,lk->ntil", q, tensors, q)
    return {
        "here": _asked(network, tensors, scalars),
        "away": _asked(network, away, scalars),
        "place": [_asked(network, tensors, scalars * factors) for factors in PLACES],
    }


def shape(student, tensors, scalars, width, depth, seed):
    keras.utils.set_random_seed(int(seed))
    network = student.closure_network(int(width), int(depth))
    before = _asked(network, tensors, scalars)
    network.save("model.keras")
    with open("model.keras", "rb") as file:
        return {"model": np.frombuffer(file.read(), np.uint8), "before": before}


def inspect_shape(answer, tensors, scalars, width, depth, seed):
    with open("loaded.keras", "wb") as file:
        file.write(answer["model"].tobytes())
    model = keras.saving.load_model("loaded.keras")
    return {
        "before": answer["before"],
        "after": _asked(model, tensors, scalars),
        "parameters": model.count_params(),
    }


def learns(student, tensors, scalars, b, weights, unseen, unseen_scalars, seed):
    keras.utils.set_random_seed(int(seed))
    network = student.closure_network(24, 3)
    x = {"tensors": tensors.astype("float32"), "scalars": scalars.astype("float32")}
    student.train(network, x, b.astype("float32"), weights, 60)
    rate = keras.ops.convert_to_numpy(network.optimizer.learning_rate)
    return {"b": _asked(network, unseen, unseen_scalars), "rate": rate}


def turned(student, a, q, single):
    return {"many": student.turned(a, q), "one": student.turned(a, single)}


def frame_error(student, tensors, scalars, axis, q):
    """Of a closure that has a preferred axis."""
    keep = np.eye(3) - np.outer(axis, axis)

    def closure(x):
        strain = keras.ops.convert_to_numpy(x["tensors"])[:, 0]
        return keep @ strain @ keep * np.asarray(x["scalars"])[:, :1, None]

    x = {"tensors": tensors, "scalars": scalars}
    return {"error": student.frame_error(closure, x, q)}


def copies(student, tensors, scalars, b, turns):
    x, answers = student.with_copies({"tensors": tensors, "scalars": scalars}, b, turns)
    return {"tensors": x["tensors"], "scalars": x["scalars"], "b": answers}


def balance(student, y, k, epsilon, viscosity, coefficients):
    flow = student.Flow(y, k, epsilon, float(viscosity))
    return {"slope": student.shear(_closure(coefficients), flow)}


def refuses(student, y, k, epsilon, viscosity, coefficients, single):
    flow = student.Flow(y, k, epsilon, float(viscosity))
    good = student.shear(_closure(coefficients), flow)
    refused = []
    for value in single:

        def closure(x, value=value):
            b = np.zeros((len(y), 3, 3))
            b[len(y) // 2, 0, 1] = b[len(y) // 2, 1, 0] = value
            return b

        try:
            student.shear(closure, flow)
            refused.append(0)
        except ValueError:
            refused.append(1)
    return {"slope": good, "refused": refused}


def velocity(student, slope, y):
    return {"u": student.velocity(slope, y)}


def unseen(student, flows, slopes, y, viscosities, coefficients, seed):
    """Trains on all channels but the last, and solves for the last."""
    known = [
        student.Flow(y, *flow, float(viscosity)) for flow, viscosity in zip(flows, viscosities)
    ]
    parts = [student.question(*each) for each in zip(slopes, known)]
    x = {
        name: np.concatenate([part[name] for part in parts[:-1]]).astype("float32")
        for name in ("tensors", "scalars")
    }
    b = _closure(coefficients)(x).astype("float32")
    keras.utils.set_random_seed(int(seed))
    network = student.closure_network(16, 2)
    student.train(network, x, b, np.ones((len(b), 1)), 300)
    slope = student.shear(network, known[-1])
    return {"u": student.velocity(slope, y)}


def _closure(coefficients):
    """`b = (-c S + n (S R - R S)) / sqrt(1 + d |S|^2)`: its shear stress rises with the slope."""
    c, d, normal = coefficients

    def closure(x):
        s, r = np.moveaxis(keras.ops.convert_to_numpy(x["tensors"]), 1, 0)
        size = np.sqrt(1.0 + d * np.sum(s * s, axis=(1, 2)))[:, None, None]
        return (-c * s + normal * (s @ r - r @ s)) / size

    return closure


def _asked(network, tensors, scalars):
    x = {"tensors": tensors.astype("float32"), "scalars": scalars.astype("float32")}
    return keras.ops.convert_to_numpy(network(x))
