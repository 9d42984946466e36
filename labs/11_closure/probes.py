"""Calls the student's functions; returns arrays only."""

import keras
import numpy as np

# Factors of both scalars: one of them changes, then both are very large.
SCALAR_FACTORS = np.array([[3.0, 1.0], [1.0, 3.0], [1e9, 1e9], [1e12, 1e12]])


def tensors(student, gradient, k, epsilon):
    s, r = student.strain_and_rotation(gradient, k, epsilon)
    return {"s": s, "r": r}


def invariants(student, s, r):
    return {"traces": np.asarray(student.invariants(s, r))}


def basis(student, s, r):
    return {"tensors": np.asarray(student.basis(s, r))}


symmetric = basis


def equivariant(student, tensors, scalars, q, width, depth, seed):
    keras.utils.set_random_seed(int(seed))
    network = student.closure_network(int(width), int(depth))
    rotated = np.einsum("ij,ntjk,lk->ntil", q, tensors, q)
    return {
        "b": _predicted(network, tensors, scalars),
        "rotated": _predicted(network, rotated, scalars),
        "scaled": [_predicted(network, tensors, scalars * factors) for factors in SCALAR_FACTORS],
    }


def shape(student, tensors, scalars, width, depth, seed):
    keras.utils.set_random_seed(int(seed))
    network = student.closure_network(int(width), int(depth))
    before = _predicted(network, tensors, scalars)
    network.save("model.keras")
    with open("model.keras", "rb") as file:
        return {"model": np.frombuffer(file.read(), np.uint8), "before": before}


def inspect_shape(answer, tensors, scalars, width, depth, seed):
    with open("loaded.keras", "wb") as file:
        file.write(answer["model"].tobytes())
    model = keras.saving.load_model("loaded.keras")
    return {
        "before": answer["before"],
        "after": _predicted(model, tensors, scalars),
        "parameters": model.count_params(),
    }


def learns(student, tensors, scalars, b, weights, unseen, unseen_scalars, seed):
    keras.utils.set_random_seed(int(seed))
    network = student.closure_network(24, 3)
    x = {"tensors": tensors.astype("float32"), "scalars": scalars.astype("float32")}
    student.train(network, x, b.astype("float32"), weights, 60)
    rate = keras.ops.convert_to_numpy(network.optimizer.learning_rate)
    return {"b": _predicted(network, unseen, unseen_scalars), "rate": rate}


def rotated(student, a, q, single):
    return {"many": student.rotated(a, q), "one": student.rotated(a, single)}


def equivariance_error(student, tensors, scalars, axis, q):
    """Error of a closure with a preferred axis."""
    keep = np.eye(3) - np.outer(axis, axis)

    def closure(x):
        strain = keras.ops.convert_to_numpy(x["tensors"])[:, 0]
        return keep @ strain @ keep * np.asarray(x["scalars"])[:, :1, None]

    x = {"tensors": tensors, "scalars": scalars}
    return {"error": student.equivariance_error(closure, x, q)}


def rotated_copies(student, tensors, scalars, b, rotations):
    data = {"tensors": tensors, "scalars": scalars}
    x, targets = student.with_rotated_copies(data, b, rotations)
    return {"tensors": x["tensors"], "scalars": x["scalars"], "b": targets}


def balance(student, y, k, epsilon, viscosity, coefficients):
    flow = student.Flow(y, k, epsilon, float(viscosity))
    return {"du_dy": student.shear_rate(_closure(coefficients), flow)}


def refuses(student, y, k, epsilon, viscosity, coefficients, single):
    flow = student.Flow(y, k, epsilon, float(viscosity))
    good = student.shear_rate(_closure(coefficients), flow)
    refused = []
    for value in single:

        def closure(x, value=value):
            b = np.zeros((len(y), 3, 3))
            b[len(y) // 2, 0, 1] = b[len(y) // 2, 1, 0] = value
            return b

        try:
            student.shear_rate(closure, flow)
            refused.append(0)
        except ValueError:
            refused.append(1)
    return {"du_dy": good, "refused": refused}


def velocity(student, du_dy, y):
    return {"u": student.velocity(du_dy, y)}


def unseen(student, flows, shear_rates, y, viscosities, coefficients, seed):
    """Trains on all channels except the last, and solves for the last."""
    channels = [
        student.Flow(y, *flow, float(viscosity)) for flow, viscosity in zip(flows, viscosities)
    ]
    parts = [student.closure_inputs(*each) for each in zip(shear_rates, channels)]
    x = {
        name: np.concatenate([part[name] for part in parts[:-1]]).astype("float32")
        for name in ("tensors", "scalars")
    }
    b = _closure(coefficients)(x).astype("float32")
    keras.utils.set_random_seed(int(seed))
    network = student.closure_network(16, 2)
    student.train(network, x, b, np.ones((len(b), 1)), 300)
    du_dy = student.shear_rate(network, channels[-1])
    return {"u": student.velocity(du_dy, y)}


def _closure(coefficients):
    """`b = (-c S + n (S R - R S)) / sqrt(1 + d |S|^2)`: the shear stress grows with `dU/dy`."""
    c, d, normal = coefficients

    def closure(x):
        s, r = np.moveaxis(keras.ops.convert_to_numpy(x["tensors"]), 1, 0)
        divisor = np.sqrt(1.0 + d * np.sum(s * s, axis=(1, 2)))[:, None, None]
        return (-c * s + normal * (s @ r - r @ s)) / divisor

    return closure


def _predicted(network, tensors, scalars):
    x = {"tensors": tensors.astype("float32"), "scalars": scalars.astype("float32")}
    return keras.ops.convert_to_numpy(network(x))
