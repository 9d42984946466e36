"""The answers. Each function yields the inputs of its check and scores the answer."""

import functools

import numpy as np
from scipy import ndimage

from keras_solvers.data import load_images
from keras_solvers.grading import at_least, at_most, both, close, log_ramp

ROUNDING = 1e-4  # relative; single precision, with room
MAX_PARAMETERS = 150_000


@functools.cache
def _test_images():
    return load_images("mnist").x_test


def _digits(rng, num_images):
    """Test digits, each shifted by up to one pixel."""
    chosen = _test_images()[rng.choice(10_000, num_images, replace=False)]
    shifts = rng.integers(-1, 2, (num_images, 2))
    return np.stack([np.roll(x, shift, axis=(0, 1)) for x, shift in zip(chosen, shifts)])


def _noisy(rng, images, deviation):
    noise = deviation * rng.normal(size=images.shape)
    return np.clip(images + noise, 0.0, 1.0).astype("float32")


def _few_dimensions(rng):
    """Images of 5 x 6 pixels, their mean not zero, each direction half as wide as the last."""
    directions = np.linalg.qr(rng.normal(size=(30, 30)))[0]
    x = rng.normal(size=(60, 30)) * 0.5 ** np.arange(30) @ directions + rng.normal(size=30)
    return x.reshape(60, 5, 6, 1)


def _components(images):
    rows = (images - images.mean(axis=0)).reshape(len(images), -1)
    variances, axes = np.linalg.eigh(rows.T @ rows)
    return variances[::-1], axes.T[::-1]


def pca_axes(rng):
    images = _few_dimensions(rng)
    answer = yield {"images": images, "num_components": 4}
    axes = answer.array("axes", (4, 5, 6, 1)).reshape(4, 30)
    return both(
        close(answer.array("mean", (5, 6, 1)), images.mean(axis=0), ROUNDING),
        # The sign of an axis is free.
        close(np.abs(axes @ _components(images)[1][:4].T), np.eye(4), ROUNDING),
        close(axes @ axes.T, np.eye(4), ROUNDING),
    )


def pca_share(rng):
    images = _few_dimensions(rng)
    answer = yield {"images": images}
    variances = _components(images)[0]
    expected = [np.sum(variances[:k]) / np.sum(variances) for k in (1, 3, 8)]
    return close(answer.array("shares", (3,)), expected, ROUNDING)


def pca_codes(rng):
    mean = rng.normal(size=(4, 7, 2))
    axes = np.linalg.qr(rng.normal(size=(56, 5)))[0].T.reshape(5, 4, 7, 2)
    images, codes = rng.normal(size=(6, 4, 7, 2)), rng.normal(size=(3, 5))
    answer = yield {"images": images, "codes": codes, "mean": mean, "axes": axes}
    return both(
        close(
            answer.array("codes", (6, 5)), np.einsum("nhwc,khwc->nk", images - mean, axes), ROUNDING
        ),
        close(
            answer.array("images", (3, 4, 7, 2)),
            mean + np.einsum("nk,khwc->nhwc", codes, axes),
            ROUNDING,
        ),
    )


def ae_code(rng):
    channels = int(rng.integers(3, 7))
    answer = yield {"images": _digits(rng, 5), "code_channels": channels, "seed": _seed(rng)}
    answer.array("codes", (5, 4, 4, channels))
    whole = answer.array("whole", (5, 28, 28, 1))
    # Whatever else reached the output did not pass through the code.
    return close(answer.array("parts", (5, 28, 28, 1)), whole, ROUNDING)


def ae_convolutional(rng):
    oblong = rng.uniform(size=(1, 36, 44, 1)).astype("float32")
    images = np.zeros((2, 124, 124, 1), "float32")
    digit = _digits(rng, 1)[0]
    images[0, 48:76, 48:76] = digit
    images[1, 56:84, 40:68] = digit  # one position down, one to the left
    answer = yield {"oblong": oblong, "images": images, "code_channels": 3, "seed": _seed(rng)}
    answer.array("oblong", (1, 36, 44, 1))
    before, after = answer.array("codes", (2, 16, 16, None))
    # Away from the frame, where the padding is another one.
    before, after = before[5:11, 5:11], after[6:12, 4:10]
    return both(
        close(after, before, ROUNDING),
        at_least(np.std(before) / np.max(np.abs(before)), 0.01, " relative spread of the codes"),
    )


def ae_nonlinear(rng):
    first, second = _digits(rng, 20), _digits(rng, 20)
    images = np.concatenate([first, second, (first + second) / 2.0])
    codes = 10.0 * rng.normal(size=(60, 4, 4, 16)).astype("float32")
    codes[40:] = (codes[:20] + codes[20:40]) / 2.0
    answer = yield {"images": images, "codes": codes, "code_channels": 3, "seed": _seed(rng)}
    pixels = answer.array("images", (60, 28, 28, 1))
    logits = np.log(np.clip(pixels, 1e-9, None)) - np.log(np.clip(1.0 - pixels, 1e-9, None))
    return both(
        at_least(_bend(answer.array("codes", (60, 4, 4, None))), 0.01, " bend of the encoder"),
        # Neither the output nor what stands before a sigmoid may be linear in the code.
        at_least(min(_bend(pixels), _bend(logits)), 0.01, " bend of the decoder"),
    )


def _bend(values):
    """How far values at midpoints are from the middle of the values, relative to their spread."""
    middle = (values[:20] + values[20:40]) / 2.0
    return np.std(values[40:] - middle) / max(np.std(values - values.mean(axis=0)), 1e-12)


def ae_export(rng):
    answer = yield {"images": _digits(rng, 5), "code_channels": 2, "seed": _seed(rng)}
    before, after, other = (
        answer.array(name, (5, 28, 28, 1)) for name in ("before", "after", "other")
    )
    return both(
        close(after, before, ROUNDING),
        at_most(answer.number("parameters"), MAX_PARAMETERS, " parameters"),
        at_least(np.max(np.abs(other - before)), 1e-5, " difference between two seeds"),
    )


def noisy_pairs(rng):
    images = rng.uniform(0.4, 0.6, (12, 20, 24, 1)).astype("float32")
    images[:4] = np.arange(4.0).reshape(4, 1, 1, 1) / 3.0  # black and white, where noise is clipped
    deviation = rng.uniform(0.05, 0.08)
    answer = yield {"images": images, "deviation": deviation, "copies": 3, "seed": _seed(rng)}
    inputs, targets, again, other = (
        answer.array(name, (36, 20, 24, 1)) for name in ("inputs", "targets", "again", "other")
    )
    # Any order of the copies will do, if inputs and targets share it.
    sources = np.argmin(np.abs(targets[:, None] - images).sum(axis=(2, 3, 4)), axis=1)
    noise = inputs - targets
    grey = noise[(sources == 1) | (sources == 2) | (sources > 3)]
    expected = np.clip(images[:1] + deviation * rng.normal(size=(2000, 20, 24, 1)), 0.0, 1.0)
    return both(
        close(targets, images[sources], 1e-6),
        close(np.bincount(sources, minlength=12), np.full(12, 3.0)),
        close(np.std(grey), deviation, 0.05),
        close(np.mean(grey), 0.0, atol=0.05 * deviation),
        close(np.mean(noise[sources == 0]), np.mean(expected), 0.1),
        at_least(np.min(inputs), 0.0),
        at_most(np.max(inputs), 1.0),
        at_most(_likeness(grey), 0.3, " correlation between copies"),
        close(again, inputs, 0.0),
        at_least(np.std(other - inputs), 0.5 * deviation, " change with the seed"),
    )


def _likeness(noise):
    """Largest correlation between the noises of two images."""
    rows = np.corrcoef(noise.reshape(len(noise), -1))
    return np.max(np.abs(rows - np.eye(len(rows))))


def best_gaussian(rng):
    clean = _digits(rng, 40)
    noisy = _noisy(rng, clean, rng.uniform(0.2, 0.5))
    widths = np.array([2.0, 1.1, 0.8, 0.6, 0.3])
    answer = yield {"noisy": noisy, "clean": clean, "widths": widths}
    errors = [
        np.mean((ndimage.gaussian_filter(noisy, (0, width, width, 0)) - clean) ** 2)
        for width in widths
    ]
    return both(
        close(answer.array("errors", (5,)), errors, 1e-3),
        close(answer.number("width"), widths[np.argmin(errors)]),
    )


def interpolate(rng):
    ends, num_steps = rng.uniform(size=(2, 24, 36, 1)).astype("float32"), 6
    answer = yield {"first": ends[0], "last": ends[1], "num_steps": num_steps}
    codes = np.tanh(3.0 * ends.reshape(2, 6, 4, 9, 4, 1).mean(axis=(2, 4)) - 0.5)
    t = np.linspace(0.0, 1.0, num_steps)[:, None, None, None]
    path = np.exp((1.0 - t) * codes[0] + t * codes[1])
    expected = path.repeat(4, axis=1).repeat(4, axis=2)
    return close(answer.array("images", (num_steps, 24, 36, 1)), expected, ROUNDING)


def train_quality(rng, none, full):
    images = _noisy(rng, _digits(rng, 500), 0.02)
    answer = yield {"images": images, "epochs": 2, "seed": _seed(rng)}
    answer.array("codes", (500, 4, 4, 2))
    error = np.mean((answer.array("images", (500, 28, 28, 1)) - images) ** 2)
    return log_ramp(error, none, full, " mean square error with 32 numbers")


def denoise_quality(rng, none, full):
    clean, deviation = _digits(rng, 500), 0.5
    noisy = _noisy(rng, clean, deviation)
    answer = yield {"noisy": noisy, "deviation": deviation, "epochs": 2, "seed": _seed(rng)}
    error = np.mean((answer.array("images", (500, 28, 28, 1)) - clean) ** 2)
    return log_ramp(error, none, full, " mean square error")


def _seed(rng):
    return int(rng.integers(1 << 30))
