"""LeNet-5 as published in 1998, and as it is written today."""

import keras
import numpy as np
from keras import ops

from keras_solvers.applications.digits.partially_connected_convolution import (
    PartiallyConnectedConvolution,
)
from keras_solvers.applications.digits.subsampling import Subsampling
from keras_solvers.networks.radial_basis import RadialBasis

# Table I: the maps of S2 that each map of C3 reads. Incomplete, so that the maps of C3 are
# forced to become different from each other.
C3_CONNECTIONS = (
    *([i % 6 for i in range(first, first + 3)] for first in range(6)),
    *([i % 6 for i in range(first, first + 4)] for first in range(6)),
    *([first, first + 1, (first + 3) % 6, (first + 4) % 6] for first in range(3)),
    range(6),
)


def lenet5(num_classes: int = 10, modern: bool = False) -> keras.Model:
    """Builds LeNet-5 for images `(batch, 28, 28, 1)` with values in `[0, 1]`; returns logits.

    The network of 1998 pads the image to 32x32 and has 60,000 trainable numbers: C1 156, S2 12,
    C3 1,516, S4 32, C5 48,120, F6 10,164. Its output is the squared distance of F6 to a 7x12
    bitmap of each digit, 840 fixed numbers; the logits are minus a quarter of these distances, so
    that cross entropy is the loss of the paper, equation 9, without its constant `j` and scaled.

    Args:
        num_classes: Number of logits; 10 at most without `modern`, one bitmap for each digit.
        modern: Whether to use a dense C3, ReLU, maximum pooling and a linear output instead:
            61,706 numbers.

    Reference: LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document
    recognition, 1998, section II.B.
    """
    inputs = keras.Input((28, 28, 1))
    x = keras.layers.ZeroPadding2D(2)(inputs)
    logits = _modern(x, num_classes) if modern else _classic(x, num_classes)
    return keras.Model(inputs, logits, name="lenet5_modern" if modern else "lenet5")


@keras.saving.register_keras_serializable(package="keras_solvers.digits")
def scaled_tanh(x):
    """`1.7159 tanh(2 x / 3)`, so that 1 maps to 1 (appendix A)."""
    return 1.7159 * ops.tanh(2.0 / 3.0 * x)


def _classic(x, num_classes):
    # Background -0.1 and ink 1.175: about zero mean and unit variance.
    x = keras.layers.Rescaling(1.275, -0.1)(x)
    x = keras.layers.Conv2D(6, 5, **_SQUASHED, name="c1")(x)
    x = Subsampling(scaled_tanh, name="s2")(x)
    x = PartiallyConnectedConvolution(C3_CONNECTIONS, 5, scaled_tanh, name="c3")(x)
    x = Subsampling(scaled_tanh, name="s4")(x)
    # A convolution in the paper; its 5x5 kernels cover the 5x5 maps, so that it is a dense layer.
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(120, **_SQUASHED, name="c5")(x)
    x = keras.layers.Dense(84, **_SQUASHED, name="f6")(x)
    distance = RadialBasis(digit_bitmaps()[:num_classes], dtype="float32", name="distance")(x)
    # The posterior of Gaussians about the bitmaps, with variance 2 in each of the 84 numbers:
    # the bare distance starts so confident that training loses several epochs.
    return -distance / 4.0


def _modern(x, num_classes):
    for filters in (6, 16):
        x = keras.layers.Conv2D(filters, 5, activation="relu")(x)
        x = keras.layers.MaxPooling2D(2)(x)
    x = keras.layers.Flatten()(x)
    for units in (120, 84):
        x = keras.layers.Dense(units, activation="relu")(x)
    return keras.layers.Dense(num_classes, dtype="float32", name="logits")(x)


# Unit variance through every layer. The paper's uniform +-2.4 / fan_in starts much smaller: made
# for its second-order training, it costs several epochs under first-order optimizers.
_SQUASHED = {"activation": scaled_tanh, "kernel_initializer": "lecun_normal"}


def digit_bitmaps() -> np.ndarray:
    """The ten digits drawn in 12 rows of 7 pixels, `(10, 84)`: 1 is ink, -1 is background.

    Drawn in the manner of the paper's figure 3, not copied from it.
    """
    rows = [line.split() for line in _BITMAPS.strip().splitlines()]
    drawn = ["".join(row[digit] for row in rows) for digit in range(10)]
    return np.array([[1.0 if pixel == "#" else -1.0 for pixel in one] for one in drawn])


_BITMAPS = """
..###.. ...##.. .#####. .#####. ....##. ####### ..####. ####### .#####. .#####.
.#####. ..###.. ####### ####### ...###. ####### .#####. ####### ####### #######
##...## .####.. ##...## ##...## ..####. ##..... ##..... .....## ##...## ##...##
##...## ...##.. .....## .....## .##.##. ##..... ##..... ....##. ##...## ##...##
##...## ...##.. .....## .....## ##..##. ######. ##.###. ....##. .##.##. ##...##
##...## ...##.. ....##. ..####. ##..##. ####### ####### ...##.. .#####. .######
##...## ...##.. ...##.. ..####. ####### .....## ###..## ...##.. .#####. ..###.#
##...## ...##.. ..##... .....## ####### .....## ##...## ..##... ##...## .....##
##...## ...##.. .##.... .....## ....##. .....## ##...## ..##... ##...## .....##
##...## ...##.. ##..... ##...## ....##. ##...## ##...## .##.... ##...## .....##
.#####. .###### ####### ####### ....##. ####### ####### .##.... ####### .#####.
..###.. .###### ####### .#####. ....##. .#####. .#####. .##.... .#####. .####..
"""
