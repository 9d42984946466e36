"""The answers. Each function yields the inputs of its check and scores the answer."""

import functools

import numpy as np
from scipy.signal import correlate2d

from keras_solvers.data import load_images
from keras_solvers.grading import at_least, at_most, both, close, ramp

EXACT = 1e-9  # relative; rounding of sums of a few dozen products, with room
SINGLE = 1e-4  # relative; the networks compute in single precision


def correlate_valid(rng):
    image, kernel = rng.normal(size=(9, 13, 1)), rng.normal(size=(3, 5, 1, 1))
    answer = yield {"image": image, "kernel": kernel}
    expected = correlate2d(image[..., 0], kernel[..., 0, 0], "valid")[..., None]
    return both(
        close(answer.array("maps", expected.shape), expected, EXACT),
        close(answer.array("again", expected.shape), expected, EXACT),
    )


def _symmetric(kernel):
    """A kernel that is the same turned round, so that only the padding is at stake."""
    return (kernel + kernel[::-1, ::-1]) / 2.0


def correlate_same(rng):
    image = rng.normal(size=(8, 11, 1))
    square, oblong = (_symmetric(rng.normal(size=(*n, 1, 1))) for n in ((5, 5), (1, 7)))
    answer = yield {"image": image, "square": square, "oblong": oblong}
    return both(
        *(
            close(
                answer.array(name, image.shape),
                correlate2d(image[..., 0], kernel[..., 0, 0], "same")[..., None],
                EXACT,
            )
            for name, kernel in (("square", square), ("oblong", oblong))
        )
    )


def correlate_channels(rng):
    image, kernel = rng.normal(size=(7, 9, 3)), _symmetric(rng.normal(size=(3, 3, 3, 4)))
    answer = yield {"image": image, "kernel": kernel}
    windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3), axis=(0, 1))
    expected = np.einsum("rscij,ijcf->rsf", windows, kernel)
    return close(answer.array("maps", expected.shape), expected, EXACT)


def kernels(rng):
    sizes, strength = rng.permutation([1, 3, 4, 9]), rng.uniform(0.5, 3.0)
    answer = yield {"sizes": sizes, "strength": strength}
    boxes = np.zeros((4, 9, 9))
    for box, size in zip(boxes, sizes, strict=True):
        box[:size, :size] = 1.0 / size**2
    centre = np.outer([0.0, 1.0, 0.0], [0.0, 1.0, 0.0])
    sharpen = [centre + s * (centre - 1.0 / 9.0) for s in (strength, 0.0)]
    edge = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]) / 8.0
    return both(
        close(answer.array("boxes", (4, 9, 9)), boxes, EXACT),
        close(answer.array("sharpen", (2, 3, 3)), sharpen, EXACT),
        close(answer.array("edge", (3, 3)), edge, EXACT),
    )


def parameters(rng):
    convolutions = rng.integers(2, 12, size=(5, 3))
    first, second = rng.integers(2, 9, size=3), rng.integers(2, 9, size=2)
    answer = yield {"convolutions": convolutions, "first": first, "second": second}
    size, channels, filters = convolutions.T
    pairs = ((first, second), (second, first), (first, first[:1]))
    dense = [(np.prod(a) + 1) * np.prod(b) for a, b in pairs]
    return both(
        close(answer.array("convolutions", (5,)), (size**2 * channels + 1) * filters, 0.0),
        close(answer.array("dense", (3,)), dense, 0.0),
    )


def receptive_field(rng):
    layers = np.stack([rng.integers(2, 8, size=6), rng.permutation([1, 1, 2, 2, 3, 4])], axis=1)
    answer = yield {"layers": layers}
    apart = np.concatenate([[1], np.cumprod(layers[:-1, 1])])
    fields = np.concatenate([[1], 1 + np.cumsum((layers[:, 0] - 1) * apart)])
    return close(answer.array("fields", (7,)), fields, 0.0)


def max_pool(rng):
    image = rng.normal(size=(9, 14, 3)) - 2.0
    answer = yield {"image": image}

    def pooled(size):
        windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(0, 1))
        return windows[::size, ::size].max(axis=(-2, -1))

    return both(
        close(answer.array("two", (4, 7, 3)), pooled(2), EXACT),
        close(answer.array("three", (3, 4, 3)), pooled(3), EXACT),
    )


def equivariance_defect(rng):
    image, weights = rng.normal(size=(12, 24, 2)), rng.uniform(-1.0, 1.0, (12, 24, 1))
    shift = int(rng.integers(2, 4))
    # The largest difference stands in the first column, so that the margin tells in both maxima.
    weights[:, 0], weights[:, -shift] = 3.0, -3.0
    image[:, -shift] *= 2.0
    answer = yield {"image": image, "weights": weights, "shift": shift}

    def defect(function, shift, stride=1, margin=0):
        maps, moved = function(image), function(np.roll(image, shift, axis=1))
        difference = np.abs(moved - np.roll(maps, shift // stride, axis=1))
        return difference[:, margin : difference.shape[1] - margin].max() / np.abs(maps).max()

    def placed(x):
        return weights * x

    def halved(x):
        return placed(x)[::2, ::2]

    return both(
        at_most(np.max(np.abs(answer.array("zero", (3,)))), 1e-12, " where maps commute"),
        close(answer.number("placed"), defect(placed, shift), EXACT),
        close(answer.number("framed"), defect(placed, shift, margin=4), EXACT),
        close(answer.number("halved"), defect(halved, 2 * shift, stride=2), EXACT),
    )


@functools.cache
def _digits():
    return load_images("mnist")


def _moved_digits(rng, size):
    """Test images moved by up to one pixel, with a little noise, and their labels."""
    digits = _digits()
    chosen = rng.choice(len(digits.x_test), size, replace=False)
    steps = rng.integers(-1, 2, size=(size, 2))
    x = np.stack(
        [np.roll(digits.x_test[i], step, (0, 1)) for i, step in zip(chosen, steps, strict=True)]
    )
    noisy = np.clip(x + 0.05 * rng.normal(size=x.shape), 0.0, 1.0).astype(np.float32)
    return noisy, digits.y_test[chosen]


def lenet_maps(rng):
    x, down, right = _moved_digits(rng, 4)[0], 2, int(rng.integers(1, 4))
    x[:, :4], x[:, -4:], x[:, :, :4], x[:, :, -4:] = 0.0, 0.0, 0.0, 0.0  # nothing is moved outside
    moved = np.roll(x, (down, right), axis=(1, 2))
    answer = yield {"x": x, "moved": moved, "seed": int(rng.integers(1 << 30))}
    maps = answer.array("maps", (4, None, None, None))
    difference = answer.array("moved", maps.shape) - np.roll(maps, (down, right), axis=(1, 2))
    inner = np.abs(difference[:, down:, right:])
    contrast = np.min(np.ptp(maps, axis=(1, 2)).max(axis=0))
    return both(
        at_least(maps.shape[-1], 6, " maps"),
        at_least(min(maps.shape[1:3]), 24, " rows and columns of the maps"),
        at_least(contrast, SINGLE, " contrast of the flattest map"),
        at_most(np.max(inner) / np.max(np.abs(maps)), SINGLE, " defect of the maps"),
    )


def lenet_structure(rng):
    x = _moved_digits(rng, 20)[0]
    answer = yield {"x": x, "seed": int(rng.integers(1 << 30))}
    logits, bends = answer.array("logits", (20, 10)), answer.array("bends", (None,))
    sums = np.sum(logits, axis=-1)
    return both(
        at_most(answer.number("parameters"), 65_000, " parameters"),
        at_least(np.min(bends, initial=1.0 if len(bends) > 1 else 0.0), 1e-3, " smallest bend"),
        at_least(np.ptp(sums) / np.max(np.abs(logits)), SINGLE, " spread of the sums of logits"),
    )


def lenet_export(rng):
    answer = yield {"x": _moved_digits(rng, 20)[0], "seed": int(rng.integers(1 << 30))}
    return close(answer.array("after", (20, 10)), answer.array("before", (20, 10)), 1e-5)


def lenet_quality(rng, none, full):
    digits = _digits()
    chosen = rng.choice(len(digits.x_train), 3_000, replace=False)
    x_new, y_new = _moved_digits(rng, 2_000)
    answer = yield {
        "x": digits.x_train[chosen],
        "y": digits.y_train[chosen],
        "x_new": x_new,
        "seed": int(rng.integers(1 << 30)),
    }
    found = np.argmax(answer.array("logits", (2_000, 10)), axis=-1)
    return ramp(float(np.mean(found == y_new)), none, full, " of the digits found")
