"""Calls the student's functions; returns arrays only."""

import keras
import numpy as np


def divergence(student, u, v, cell_size):
    return {"divergence": student.divergence(u, v, cell_size)}


def faces(student, fluid):
    return dict(zip("uv", student.faces(fluid)))


def gradient(student, p, wx, wy, cell_size):
    return dict(zip("uv", student.gradient(p, (wx, wy), cell_size)))


def solid_weight(student, fluid, bare):
    return {"weight": student.solid_weight(fluid), "bare": student.solid_weight(bare)}


def objective(student, x, y):
    return {"objective": student.objective(x, y)}


def half_sweep(student, b, p, wx, wy):
    return {f"p{k}": student.half_sweep(b, p, (wx, wy), k) for k in (0, 1)}


def _cycles(student, b, weights, num_sweeps, count):
    pressures = [np.zeros_like(b)]
    for _ in range(count):
        pressures.append(np.asarray(student.cycle(b, pressures[-1], weights, num_sweeps)))
    return np.stack(pressures)


def cycle_converges(student, **arrays):
    return {
        f"p{k}": _cycles(student, arrays[f"b{k}"], (arrays[f"wx{k}"], arrays[f"wy{k}"]), k, 5)
        for k in (1, 2)
    }


def cycle_symmetric(student, b, wx, wy):
    return {f"p{k}": student.cycle(b, np.zeros_like(b), (wx, wy), k) for k in (1, 2)}


def gain(student, x, x_new, seed):
    keras.utils.set_random_seed(seed)
    network = student.multigrid_network(student.PressureProjection((32, 32)), num_smoothings=3)
    student.train(network, x, 6)
    return {"y": network.predict_on_batch(x_new)}


class _OneWeight(keras.layers.Layer):
    """The divergence, times `scale`, times the one weight to be found."""

    def __init__(self, scale):
        super().__init__()
        self.scale = scale

    def build(self, shape):
        self.weight = self.add_weight((), "ones")

    def call(self, x):
        return self.scale * self.weight * x[..., :1]


def minimum(student, x, scale, seed):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input(x.shape[1:])
    network = keras.Model(inputs, _OneWeight(scale)(inputs))
    student.train(network, x, 6)
    return {"weight": network.get_weights()[0]}


def _diagonal(wx, wy):
    """The simplest preconditioner: the residual over the sum of the weights."""
    total = wx[:, 1:] + wx[:, :-1] + wy[:, :, 1:] + wy[:, :, :-1]
    return lambda r: r / np.maximum(total, 0.5)


def certified(student, b, wx, wy, guess, tolerance):
    diagonal, answer = _diagonal(wx, wy), {}
    p, certificates = student.certified(b, (wx, wy), diagonal, guess, tolerance, 1000)
    answer["p"], answer["certificates"] = p, certificates
    p, certificates = student.certified(b, (wx, wy), diagonal, guess)
    return {**answer, "usual": p, "usual_certificates": certificates}


def certified_steps(student, b, wx, wy, tolerance):
    weights, zero, counts = (wx, wy), np.zeros_like(b), {}
    diagonal, calls = _diagonal(wx, wy), []

    def precondition(r):
        calls.append(1)
        return diagonal(r)

    _, trusted = student.certified(b, weights, precondition, zero, tolerance, 1000)
    counts["trusted"], counts["asked"] = len(trusted) - 1, len(calls)
    calls.clear()
    _, plain = student.certified(b, weights, precondition, zero, tolerance, 0)
    counts["plain"], counts["not_asked"] = len(plain) - 1, len(calls)
    calls.clear()
    _, short = student.certified(b, weights, precondition, zero, tolerance, 3, 7)
    return {**counts, "short": len(short) - 1, "three": len(calls)}


def certified_whatever(student, b, wx, wy, noise, tolerance):
    def run(name, *counts):
        stream = iter(noise)
        liars = {
            "nothing": lambda r: np.zeros_like(r),
            "noise": lambda r: next(stream),
            "opposite": lambda r: -3.0 * r,
        }
        return student.certified(b, (wx, wy), liars[name], np.zeros_like(b), tolerance, *counts)

    answer = {}
    for name in ("nothing", "noise", "opposite"):
        answer[name], answer[f"{name}_certificates"] = run(name, 6)
        answer[f"{name}_path"] = np.stack([run(name, 9, steps)[0] for steps in (0, 2, 4, 6)])
    return answer
