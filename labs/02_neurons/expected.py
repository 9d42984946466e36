"""The answers. Each function yields the inputs of its check and scores the answer."""

import functools

import numpy as np

from keras_solvers.data import load_images
from keras_solvers.grading import Verdict, at_least, at_most, both, close, ramp

EXACT = 1e-9  # relative; rounding of short sums in float64, with room


def neuron(rng):
    x, weights, bias = rng.normal(size=(5, 7)), rng.normal(size=(7, 4)), rng.normal(size=4)
    z = 3.0 * rng.normal(size=(6, 3))
    answer = yield {"x": x, "weights": weights, "bias": bias, "z": z}
    return both(
        close(answer.array("sum", (5, 4)), np.einsum("ni,io->no", x, weights) + bias, EXACT),
        close(answer.array("relu", (6, 3)), np.where(z > 0.0, z, 0.0), EXACT),
    )


def softmax_values(rng):
    logits = 2.0 * rng.normal(size=(6, 5))
    answer = yield {"logits": logits}
    return close(answer.array("probabilities", (6, 5)), _softmax(logits), EXACT)


def cross_entropy(rng):
    logits, labels = 2.0 * rng.normal(size=(6, 5)), rng.integers(0, 5, 6)
    answer = yield {"logits": logits, "labels": labels}
    each = -np.log(_softmax(logits)[np.arange(6), labels])
    expected = [np.mean(each[:n]) for n in range(1, 7)]
    return close(answer.array("losses", (6,)), expected, EXACT)


def softmax_stable(rng):
    logits, labels = rng.normal(size=(3, 4)), np.array([0, 3, 2])
    offsets = np.array([[5000.0], [-5000.0], [0.0]])
    wrong_by = rng.uniform(2000.0, 4000.0)  # far beyond the range of a probability
    answer = yield {"logits": logits, "offsets": offsets, "labels": labels, "wrong_by": wrong_by}
    # An offset changes nothing; whether the values are right is the matter of other checks. A logit
    # of 5000 has lost four digits.
    large = answer.array("probabilities_of_large", (3, 4)), answer.number("loss_of_large")
    return both(
        close(large[0], answer.array("probabilities", (3, 4)), 1e-8),
        close(large[1], answer.number("loss"), 1e-8),
        close(answer.number("loss_of_wrong"), wrong_by, 1e-8),
    )


def numerical_gradient(rng):
    array, weights, step = rng.normal(size=(3, 4)), rng.normal(size=(5, 3)), 1e-3
    answer = yield {"array": array, "weights": weights, "step": step}
    slopes = weights.T @ np.cos(weights @ array)
    # Differences from one side err by about the step, central ones by its square.
    return both(
        close(answer.array("slopes", (3, 4)), slopes, 1e-7),
        close(answer.array("slopes_of_step", (3, 4)), slopes, 1e-5),
        close(answer.array("vector", (3,)), slopes[:, 0], 1e-5),
        close(answer.array("given", (3, 4)), array, 1e-12),
    )


def backward_output(rng):
    case, expected = _network_case(rng)
    answer = yield case
    return both(
        close(answer.array("w2", (7, 4)), expected["w2"], EXACT),
        close(answer.array("b2", (4,)), expected["b2"], EXACT),
    )


def backward_hidden(rng):
    case, expected = _network_case(rng)
    answer = yield case
    # A wrong factor of the error at the output is no further mistake here.
    factor = answer.array("b2", (4,)) @ expected["b2"] / (expected["b2"] @ expected["b2"])
    factor = factor if abs(factor) > 1e-6 else 1.0
    return both(
        close(answer.array("w1", (6, 7)) / factor, expected["w1"], EXACT),
        close(answer.array("b1", (7,)) / factor, expected["b1"], EXACT),
    )


def _network_case(rng):
    """`(inputs, gradients)` for 9 samples, 6 inputs, 7 hidden neurons and 4 classes."""
    x, labels = rng.normal(size=(9, 6)), rng.integers(0, 4, 9)
    w1, b1 = rng.normal(size=(6, 7)), rng.normal(size=7)
    w2, b2 = rng.normal(size=(7, 4)), rng.normal(size=4)
    sums = x @ w1 + b1
    hidden = np.where(sums > 0.0, sums, 0.0)
    probabilities = _softmax(hidden @ w2 + b2)
    # Sample by sample, in index notation: another way than that of the lab.
    error = (probabilities - np.eye(4)[labels]) / 9.0
    back = np.einsum("nk,hk->nh", error, w2) * np.heaviside(sums, 0.0)
    expected = {
        "w1": np.einsum("ni,nh->ih", x, back),
        "b1": np.einsum("nh->h", back),
        "w2": np.einsum("nh,nk->hk", hidden, error),
        "b2": np.einsum("nk->k", error),
    }
    case = {"w1": w1, "b1": b1, "w2": w2, "b2": b2}
    return {
        **case,
        "x": x,
        "hidden": hidden,
        "probabilities": probabilities,
        "labels": labels,
    }, expected


def sgd_step(rng):
    # The same label for all: whether labels stay with their samples is the other check's matter.
    x, labels = rng.normal(size=(8, 3)), np.full(8, 3)
    matrix, offset, rate = rng.normal(size=(3, 1)), rng.normal(size=1), rng.uniform(0.1, 0.2)
    answer = yield {
        "matrix": matrix,
        "offset": offset,
        "x": x,
        "labels": labels,
        "rate": rate,
        "epochs": 3,
    }
    # All samples are in one batch, so that their order does not matter: three plain steps.
    new_matrix, new_offset = matrix, offset
    for _ in range(3):
        misfit = x @ new_matrix + new_offset - labels[:, None]
        new_matrix = new_matrix - rate * x.T @ misfit / 8.0
        new_offset = new_offset - rate * np.mean(misfit, axis=0)
    return both(
        close(answer.array("matrix", (3, 1)), new_matrix, EXACT),
        close(answer.array("offset", (1,)), new_offset, EXACT),
        close(answer.array("given_matrix", (3, 1)), matrix, 0.0),
        close(answer.array("given_offset", (1,)), offset, 0.0),
    )


def sgd_batches(rng):
    size, batch_size, epochs = 50, 16, 3
    # Each sample has its own label, so that the labels tell the order.
    x, labels = rng.normal(size=(size, 2)), rng.permutation(size)
    answer = yield {
        "x": x,
        "labels": labels,
        "batch_size": batch_size,
        "epochs": epochs,
        "seed": int(rng.integers(1 << 30)),
    }
    sizes = answer.array("sizes", (None,))
    seen = answer.array("labels", (epochs * size,)).reshape(epochs, size).astype(int)
    again = answer.array("again", (epochs * size,)).reshape(epochs, size)
    other = answer.array("other", (epochs * size,)).reshape(epochs, size)
    whole = np.all(np.sort(seen, axis=1) == np.arange(size))
    orders = {tuple(row) for row in [*seen, *other, labels]}
    inverse = np.argsort(labels)
    return both(
        at_most(np.max(sizes), batch_size, " samples in the largest batch"),
        close(float(len(sizes)), 12.0, 0.0),
        Verdict(float(whole), f"each sample once an epoch: {bool(whole)}", "True"),
        close(answer.array("x", (epochs * size, 2)), x[inverse[seen.ravel() % size]], 0.0),
        at_least(len(orders), 7, " different orders, the given one among them"),
        close(again, seen, 0.0),
    )


def network_structure(rng):
    pictures = _pictures().x_test[rng.permutation(10_000)[:64]]
    answer = yield {
        "images": pictures,
        "weight_seed": int(rng.integers(1 << 30)),
        "seed": int(rng.integers(1 << 30)),
    }
    first, second, middle = (answer.array(n, (32, 10)) for n in ("first", "second", "middle"))
    outputs = np.concatenate([first, second])
    bend = np.max(np.abs(first + second - 2.0 * middle)) / max(np.ptp(outputs), 1e-12)
    return both(
        at_most(answer.number("parameters"), 60_000, " parameters"),
        at_least(bend, 1e-3, " bend with random weights"),
        at_most(np.min(outputs), -1.0, ", the least output: logits have no bound"),
        at_least(np.max(outputs), 1.0, ", the largest output: logits have no bound"),
    )


def network_quality(rng, none, full):
    pictures = _pictures()
    train = rng.permutation(60_000)[:8_000]
    new = rng.permutation(10_000)[:3_000]
    answer = yield {
        "x": pictures.x_train[train],
        "labels": pictures.y_train[train],
        "x_new": _distorted(pictures.x_test[new], rng),
        "seed": int(rng.integers(1 << 30)),
    }
    predicted = np.argmax(answer.array("logits", (3_000, 10)), axis=1)
    error = 100.0 * np.mean(predicted != pictures.y_test[new])
    return ramp(error, none, full, " % wrong")


def network_export(rng):
    pictures = _pictures().x_test[rng.permutation(10_000)[:20]]
    answer = yield {"images": pictures, "seed": int(rng.integers(1 << 30))}
    before, after = answer.array("before", (20, 10)), answer.array("after", (20, 10))
    return close(after, before, 1e-5)


def _softmax(logits):
    return np.exp(logits) / np.sum(np.exp(logits), axis=1)[:, None]


@functools.cache
def _pictures():
    return load_images("mnist")


def _distorted(images, rng):
    """Moved by up to a pixel, and noisy: no table of known images has them."""
    steps = rng.integers(-1, 2, (len(images), 2))
    moved = [np.roll(image, step, axis=(0, 1)) for image, step in zip(images, steps)]
    noisy = np.stack(moved) + 0.05 * rng.normal(size=images.shape)
    return np.clip(noisy, 0.0, 1.0).astype("float32")
