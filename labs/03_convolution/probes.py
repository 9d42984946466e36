"""Calls the student's functions; returns arrays only."""

import keras
import numpy as np


def correlate_valid(student, image, kernel):
    return {"maps": student.correlate(image, kernel), "again": student.correlate(image, kernel)}


def correlate_same(student, image, square, oblong):
    return {
        "square": student.correlate(image, square, padding="same"),
        "oblong": student.correlate(image, oblong, padding="same"),
    }


def correlate_channels(student, image, kernel):
    return {"maps": student.correlate(image, kernel)}


def kernels(student, sizes, strength):
    boxes = [np.pad(student.box_kernel(int(n)), ((0, 9 - n), (0, 9 - n))) for n in sizes]
    sharpen = [student.sharpen_kernel(strength), student.sharpen_kernel(0.0)]
    return {"boxes": boxes, "sharpen": sharpen, "edge": student.edge_kernel()}


def parameters(student, convolutions, first, second):
    return {
        "convolutions": [student.convolution_parameters(*map(int, row)) for row in convolutions],
        "dense": [
            student.dense_parameters(tuple(map(int, a)), tuple(map(int, b)))
            for a, b in ((first, second), (second, first), (first, first[:1]))
        ],
    }


def receptive_field(student, layers):
    layers = [(int(size), int(stride)) for size, stride in layers]
    return {"fields": [student.receptive_field(layers[:n]) for n in range(len(layers) + 1)]}


def max_pool(student, image):
    return {"two": student.max_pool(image, 2), "three": student.max_pool(image, 3)}


def equivariance_defect(student, image, weights, shift):
    def periodic(x):
        return 3.0 * x + np.roll(x, 1, axis=1)

    def halved(x):
        return periodic(x)[::2, ::2]

    def placed(x):
        return weights * x

    def inside(x):  # commutes but for the first and the last two columns
        return np.pad(x[:, 2:-2], ((0, 0), (2, 2), (0, 0)))

    defect = student.equivariance_defect
    return {
        "zero": [
            defect(periodic, image, shift),
            defect(halved, image, 2 * shift, stride=2),
            defect(inside, image, shift, margin=2 + shift),
        ],
        "placed": defect(placed, image, shift),
        "framed": defect(placed, image, shift, margin=4),
        "halved": defect(lambda x: placed(x)[::2, ::2], image, 2 * shift, stride=2),
    }


def lenet_maps(student, x, moved, seed):
    return _saved(student.build_lenet(seed))


def inspect_lenet_maps(answer, x, moved, seed):
    network = _loaded(answer)
    first = _layers_with_kernels(network)[0]
    original, maps = first.call, []
    first.call = lambda inputs: maps.append(original(inputs)) or maps[-1]
    network(x), network(moved)
    return {"maps": maps[0], "moved": maps[1]}


def lenet_structure(student, x, seed):
    return _saved(student.build_lenet(seed))


def inspect_lenet_structure(answer, x, seed):
    network = _loaded(answer)
    result = {"parameters": network.count_params(), "logits": network.predict(x, verbose=0)}
    # An average of a linear map is linear, a maximum is not: it would hide a missing activation.
    for layer in _layers(network):
        if isinstance(layer, keras.layers.MaxPooling2D):
            layer.call = keras.layers.AveragePooling2D(layer.pool_size, layer.strides).call
    return {**result, "bends": _bends(network)}


def _bends(network):
    """How far the map from each layer with weights to the next one is from being affine."""
    layers = _layers_with_kernels(network)
    calls = [layer.call for layer in layers]
    bends = []
    for index in range(len(layers) - 1):
        shape = (1, *layers[index].input.shape[1:])
        rng = np.random.default_rng(index)
        # Of size 3, as smooth activations are nearly linear at the origin.
        a, b = 3.0 * rng.normal(size=(2, *shape)).astype("float32")
        given = np.concatenate([a, b, a + b, 0.0 * a])
        received = []
        layers[index].call = lambda _, call=calls[index], given=given: call(given)
        layers[index + 1].call = lambda x, call=calls[index + 1], to=received: (
            to.append(x) or call(x)
        )
        network(np.zeros((4, 28, 28, 1), "float32"))
        first, second, total, zero = np.asarray(received[0])
        largest = max(np.max(np.abs(total)), 1e-12)
        bends.append(np.max(np.abs(total - first - second + zero)) / largest)
        layers[index].call, layers[index + 1].call = calls[index], calls[index + 1]
    return bends


def lenet_export(student, x, seed):
    network = student.build_lenet(seed)
    return {**_saved(network), "logits": network.predict(x, verbose=0)}


def inspect_lenet_export(answer, x, seed):
    return {"before": answer["logits"], "after": _loaded(answer).predict(x, verbose=0)}


def lenet_quality(student, x, y, x_new, seed):
    network = student.train_lenet(x, y, seed, 4)
    return {"logits": network.predict(x_new, verbose=0)}


def _layers(network):
    """All layers, those of networks inside of the network included."""
    for layer in network.layers:
        yield from _layers(layer) if isinstance(layer, keras.Model) else [layer]


def _layers_with_kernels(network):
    return [layer for layer in _layers(network) if hasattr(layer, "kernel")]


def _saved(network):
    network.save("network.keras")
    with open("network.keras", "rb") as file:
        return {"model": np.frombuffer(file.read(), np.uint8)}


def _loaded(answer):
    with open("loaded.keras", "wb") as file:
        file.write(answer["model"].tobytes())
    return keras.saving.load_model("loaded.keras")
