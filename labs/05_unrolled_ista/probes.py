"""Calls the student's functions; returns arrays only."""

import keras
import numpy as np


def soft_threshold(student, u, threshold, thresholds):
    one = student.soft_threshold(u, threshold)
    return {"one": one, "each": student.soft_threshold(u, thresholds)}


def ista(student, x, dictionary, penalty):
    return {f"y{k}": student.ista(x, dictionary, penalty, k) for k in (1, 6)}


def ista_descends(student, x, dictionary, penalty):
    counts = [0, 1, 2, 3, 5, 10, 300]
    return {"y": np.stack([student.ista(x, dictionary, penalty, k) for k in counts])}


def fista(student, x, dictionary, penalty):
    return {f"y{k}": student.fista(x, dictionary, penalty, k) for k in (1, 3, 12)}


def lista_start(student, x, dictionary, penalty):
    networks = {k: student.lista(dictionary, penalty, k) for k in (1, 4)}
    return {f"y{k}": n.predict(x, verbose=0) for k, n in networks.items()}


def lista_weights(student, x, dictionary, penalty, num_layers):
    network = student.lista(dictionary, penalty, num_layers)
    before = [np.array(w) for w in network.trainable_weights]
    network.compile(keras.optimizers.SGD(0.1), loss=lambda x, y: (y - 1.0) ** 2)
    network.train_on_batch(x, x)
    moved = [np.any(np.array(w) != v) for w, v in zip(network.trainable_weights, before)]
    sizes = [v.size for v in before]
    fixed = sum(int(np.prod(w.shape)) for w in network.non_trainable_weights)
    return {"sizes": sizes, "moved": moved, "fixed": fixed}


def lista_shrinks(student, x, dictionary, penalty):
    network = student.lista(dictionary, penalty, 1)
    network.compile(keras.optimizers.SGD(0.5), loss=lambda x, y: -keras.ops.abs(y))
    for _ in range(20):  # rewards large codes, so it pushes the thresholds down
        network.train_on_batch(x, x)
    return {"y": network.predict(x, verbose=0), "doubled": network.predict(2.0 * x, verbose=0)}


def loss(student, x, y, dictionary, penalty):
    loss = student.make_loss(dictionary, penalty)
    return {"loss": loss(keras.ops.convert_to_tensor(x), keras.ops.convert_to_tensor(y))}


def gain(student, x, seed):
    keras.utils.set_random_seed(seed)
    patches, dictionary, penalty = student.PATCHES, student.DICTIONARY, student.PENALTY
    network = student.lista(dictionary, penalty, 4)
    student.train(network, patches, dictionary, penalty, 6)
    return {"y": network.predict(x, verbose=0)}


def export(student, x, dictionary, penalty):
    network = student.lista(dictionary, penalty, 2)
    network.save("lista.keras")
    loaded = keras.saving.load_model("lista.keras")
    return {"before": network.predict(x, verbose=0), "after": loaded.predict(x, verbose=0)}
