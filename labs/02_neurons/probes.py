"""Calls the student's functions; returns arrays only."""

import keras
import numpy as np


def neuron(student, x, weights, bias, z):
    return {"sum": student.weighted_sum(x, weights, bias), "relu": student.relu(z)}


def softmax_values(student, logits):
    return {"probabilities": student.softmax(logits)}


def cross_entropy(student, logits, labels):
    losses = [student.cross_entropy(logits[:n], labels[:n]) for n in range(1, len(labels) + 1)]
    return {"losses": losses}


def softmax_stable(student, logits, offsets, labels, wrong_by):
    return {
        "probabilities": student.softmax(logits),
        "probabilities_of_large": student.softmax(logits + offsets),
        "loss": student.cross_entropy(logits, labels),
        "loss_of_large": student.cross_entropy(logits + offsets, labels),
        "loss_of_wrong": student.cross_entropy(np.array([[wrong_by, 0.0, -7.0]]), np.array([1])),
    }


def numerical_gradient(student, array, weights, step):
    def function(value):
        return np.sum(np.sin(weights @ value))

    given = array.copy()
    return {
        "slopes": student.numerical_gradient(function, given),
        "slopes_of_step": student.numerical_gradient(function, given, step),
        "vector": student.numerical_gradient(function, given[:, 0], step=step),
        "given": given,
    }


def backward_output(student, **case):
    return _backward(student, **case)


def backward_hidden(student, **case):
    return _backward(student, **case)


def _backward(student, w1, b1, w2, b2, x, hidden, probabilities, labels):
    parameters = {"w1": w1, "b1": b1, "w2": w2, "b2": b2}
    slopes = student.backward(parameters, x, hidden, probabilities, labels)
    return {name: slopes[name] for name in parameters}


def sgd_step(student, matrix, offset, x, labels, rate, epochs):
    def gradient(parameters, x, labels):
        misfit = x @ parameters["matrix"] + parameters["offset"] - labels[:, None]
        return {"offset": np.mean(misfit, axis=0), "matrix": x.T @ misfit / len(x)}

    given = {"matrix": matrix.copy(), "offset": offset.copy()}
    result = student.sgd(gradient, given, x, labels, rate, len(x), epochs, 0)
    return {
        "matrix": result["matrix"],
        "offset": result["offset"],
        "given_matrix": given["matrix"],
        "given_offset": given["offset"],
    }


def sgd_batches(student, x, labels, batch_size, epochs, seed):
    def run(seed):
        batches = []

        def spy(parameters, x, labels):
            batches.append((np.array(x), np.array(labels)))
            return {"w": np.zeros(2)}

        student.sgd(spy, {"w": np.ones(2)}, x, labels, 0.1, batch_size, epochs, seed)
        return batches

    batches = run(seed)
    return {
        "sizes": [len(labels) for _, labels in batches],
        "x": np.concatenate([x for x, _ in batches]),
        "labels": np.concatenate([labels for _, labels in batches]),
        "again": np.concatenate([labels for _, labels in run(seed)]),
        "other": np.concatenate([labels for _, labels in run(seed + 1)]),
    }


def network_structure(student, images, weight_seed, seed):
    return _saved(student.build_network(seed))


def inspect_network_structure(answer, images, weight_seed, seed):
    network = _loaded(answer)
    rng = np.random.default_rng(weight_seed)
    # Random weights of some size: whatever a network starts from, its structure shows.
    for weight in network.trainable_weights:
        fan_in = np.prod(weight.shape[:-1]) or 1.0
        weight.assign(3.0 * rng.normal(size=weight.shape) / np.sqrt(fan_in))
    first, second = np.split(images, 2)
    return {
        "parameters": network.count_params(),
        "first": network.predict(first, verbose=0),
        "second": network.predict(second, verbose=0),
        "middle": network.predict(0.5 * (first + second), verbose=0),
    }


def network_quality(student, x, labels, x_new, seed):
    network = student.fit_network(x, labels, seed, 10)
    return {"logits": network.predict(x_new, batch_size=500, verbose=0)}


def network_export(student, images, seed):
    network = student.build_network(seed)
    return {**_saved(network), "logits": network.predict(images, verbose=0)}


def inspect_network_export(answer, images, seed):
    return {"before": answer["logits"], "after": _loaded(answer).predict(images, verbose=0)}


def _saved(network):
    network.save("network.keras")
    with open("network.keras", "rb") as file:
        return {"model": np.frombuffer(file.read(), np.uint8)}


def _loaded(answer):
    with open("loaded.keras", "wb") as file:
        file.write(answer["model"].tobytes())
    return keras.saving.load_model("loaded.keras")
