"""Affine and elastic distortion of images while training."""

import math

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_solvers.digits")
class RandomDistortion(keras.layers.Layer):
    """Distorts every image anew by one bilinear resampling; the identity outside training.

    The output at pixel `p` is the input at `c + A (p - c) + t + d(p)`, zero outside the image:
    `c` is the centre, `A` rotates, shears and scales, `t` shifts, and `d` is a smooth random
    field, white noise under a Gaussian filter (Simard et al., 2003, section 2). All draws are
    uniform up to the given limit except `d`, which is normal.

    Args:
        rotation: Largest angle, in degrees.
        scale: Largest relative change of height and width, drawn for each apart.
        shear: Largest shift of a row in pixels per pixel of height.
        shift: Largest shift along each axis, in pixels.
        elastic: Standard deviation of each component of `d`, in pixels.
        smoothness: Width of the Gaussian filter of `d`, in pixels.
        seed: Integer, or None for a random one.

    Attributes:
        strength: Variable in `[0, 1]` that multiplies all limits, so that a callback can let the
            distortion fade.

    Shapes:
        `(batch, height, width, channels)`, in and out.

    Reference: Simard, Steinkraus and Platt, Best practices for convolutional neural networks
    applied to visual document analysis, 2003.
    """

    def __init__(
        self,
        rotation=0.0,
        scale=0.0,
        shear=0.0,
        shift=0.0,
        elastic=0.0,
        smoothness=5.0,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        limits = {"rotation": rotation, "scale": scale, "shear": shear, "shift": shift}
        for name, value in {**limits, "elastic": elastic}.items():
            if value < 0.0:
                raise ValueError(f"`{name}` must not be negative. Received: {name}={value}")
        if smoothness <= 0.0:
            raise ValueError(
                "`smoothness` is a width in pixels and must be positive; for no elastic "
                f"distortion set `elastic=0`. Received: smoothness={smoothness}"
            )
        self.limits = limits
        self.elastic = elastic
        self.smoothness = smoothness
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        if len(input_shape) != 4 or None in input_shape[1:3]:
            raise ValueError(
                "Expected images of fixed size, shape (batch, height, width, channels). "
                f"Received: input_shape={tuple(input_shape)}"
            )
        self.strength = self.add_weight(
            (), "ones", trainable=False, autocast=False, dtype="float32", name="strength"
        )
        self.filters = [_filter(size, self.smoothness) for size in input_shape[1:3]]

    def call(self, x, training=False):
        if not training:
            return x
        num_images = ops.shape(x)[0]
        height, width = x.shape[1:3]
        # Pixel positions relative to the centre: half precision could not tell them apart.
        down = ops.reshape(ops.arange(height, dtype="float32") - (height - 1) / 2, (1, height, 1))
        right = ops.reshape(ops.arange(width, dtype="float32") - (width - 1) / 2, (1, 1, width))
        (a, b, c, d), (shift_down, shift_right) = self._draw_affine(num_images)
        rows = a * down + b * right + shift_down + (height - 1) / 2
        columns = c * down + d * right + shift_right + (width - 1) / 2
        if self.elastic > 0.0:
            rows = rows + self._draw_field(num_images)
            columns = columns + self._draw_field(num_images)
        return ops.cast(resample(x, rows, columns), self.compute_dtype)

    def _uniform(self, num_images, limit):
        draw = keras.random.uniform(
            (num_images, 1, 1), -1.0, 1.0, dtype="float32", seed=self.seed_generator
        )
        return limit * self.strength * draw

    def _draw_affine(self, num_images):
        """Entries of `A = rotation @ shear @ scale`, and the shift."""
        draws = {name: self._uniform(num_images, limit) for name, limit in self.limits.items()}
        angle = math.pi / 180.0 * draws["rotation"]
        cosine, sine = ops.cos(angle), ops.sin(angle)
        tall = ops.exp(draws["scale"])
        wide = ops.exp(self._uniform(num_images, self.limits["scale"]))
        shear = draws["shear"]
        matrix = (
            tall * (cosine - sine * shear),
            -wide * sine,
            tall * (sine + cosine * shear),
            wide * cosine,
        )
        return matrix, (draws["shift"], self._uniform(num_images, self.limits["shift"]))

    def _draw_field(self, num_images):
        """Smooth normal field with standard deviation `elastic` at every pixel."""
        left, right = self.filters
        shape = (num_images, left.shape[1], right.shape[1])
        noise = keras.random.normal(shape, dtype="float32", seed=self.seed_generator)
        field = ops.matmul(ops.matmul(left, noise), right.T)
        return self.elastic * self.strength * field

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        own = {"elastic": self.elastic, "smoothness": self.smoothness, "seed": self.seed}
        return {**super().get_config(), **self.limits, **own}


def resample(images, rows, columns):
    """Reads images at fractional positions by bilinear interpolation; zero outside.

    Args:
        images: `(batch, height, width, channels)`.
        rows, columns: `(batch, height, width)`, positions in pixels; integers are exact.

    Returns:
        `(batch, height, width, channels)`.
    """
    height, width, channels = images.shape[1:]
    padded = ops.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    pixels = ops.reshape(padded, (-1, channels))
    rows = ops.clip(rows + 1.0, 0.0, height + 1.0)
    columns = ops.clip(columns + 1.0, 0.0, width + 1.0)
    top = ops.minimum(ops.floor(rows), float(height))
    left = ops.minimum(ops.floor(columns), float(width))
    down = ops.expand_dims(rows - top, -1)
    right = ops.expand_dims(columns - left, -1)
    first = ops.arange(ops.shape(images)[0]) * ((height + 2) * (width + 2))
    corner = ops.reshape(ops.cast(first, "int32"), (-1, 1, 1))
    corner = corner + ops.cast(top, "int32") * (width + 2) + ops.cast(left, "int32")

    def read(offset):
        return ops.take(pixels, corner + offset, axis=0)

    upper = read(0) * (1.0 - right) + read(1) * right
    lower = read(width + 2) * (1.0 - right) + read(width + 3) * right
    return upper * (1.0 - down) + lower * down


def _filter(size, smoothness):
    """Gaussian weights `(size, nodes)` of noise on a coarse grid; each row has unit norm.

    Nodes one filter width apart make the same field as noise in every pixel, at a fraction of
    the random numbers.
    """
    nodes = np.arange(-2.0 * smoothness, size - 1 + 3.0 * smoothness, smoothness)
    weights = np.exp(-0.5 * np.square((np.arange(size)[:, None] - nodes) / smoothness))
    return (weights / np.linalg.norm(weights, axis=1, keepdims=True)).astype("float32")
