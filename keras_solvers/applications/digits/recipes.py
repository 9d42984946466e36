"""Recipes of the digit classifiers and autoencoders: network, augmentation and training.

The table is read by `--help`: Keras and the networks are imported when a recipe is used.
"""

import dataclasses
from collections.abc import Callable

from keras_solvers import networks
from keras_solvers.applications import digits


def cross_entropy():
    import keras

    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def adam(learning_rate):
    import keras

    return keras.optimizers.Adam(learning_rate)


def adamw(learning_rate):
    import keras

    return keras.optimizers.AdamW(learning_rate, weight_decay=0.05)


@dataclasses.dataclass(frozen=True)
class DigitRecipe:
    """How one network is built and trained on images `(n, 28, 28, 1)` with values in `[0, 1]`.

    Attributes:
        network: Builds the network.
        epochs: Passes through the training images.
        batch_size: Images per step.
        learning_rate: Peak of the cosine schedule, which ends at zero.
        optimizer: Builds the optimizer from a rate or its schedule.
        warmup: Epochs in which the rate grows from zero; 0 starts at the peak, None keeps the
            rate constant.
        loss: Builds the loss.
        metrics: Names of metrics.
        distortion: Limits of the `RandomDistortion` in front of the network; None for none.
        fade: Number of last epochs in which the distortion shrinks linearly.
        reconstruction: Whether the target is the image itself, not its label.
        fused: Whether XLA compiles the training, ten steps at once: on a CPU it halves the time of
            LeNet-5 and of the autoencoders, and doubles that of the other two networks.
    """

    network: Callable
    epochs: int
    batch_size: int = 128
    learning_rate: float = 1e-3
    optimizer: Callable = adam
    warmup: float | None = 0.0
    loss: Callable = cross_entropy
    metrics: tuple[str, ...] = ("accuracy",)
    distortion: dict[str, float] | None = None
    fade: int = 0
    reconstruction: bool = False
    fused: bool = False


_LIGHT = {"rotation": 8.0, "scale": 0.1, "shear": 0.1, "shift": 1.0, "elastic": 0.5}
_STRONG = {"rotation": 12.0, "scale": 0.15, "shear": 0.2, "shift": 2.0, "elastic": 1.0}
_PIXELS = {
    "loss": lambda: "mse",
    "metrics": (),
    "reconstruction": True,
    "fused": True,
}

RECIPES = {
    "softmax": DigitRecipe(lambda: networks.softmax_regression(), epochs=10),
    "mlp": DigitRecipe(
        lambda: networks.mlp((28, 28, 1), 10, width=1024, dropout=0.5),
        epochs=20,
    ),
    "lenet5": DigitRecipe(
        lambda: digits.lenet5(),
        epochs=16,
        batch_size=64,
        learning_rate=1.4e-3,
        distortion=_LIGHT,
        fade=3,
        fused=True,
    ),
    "best": DigitRecipe(
        lambda: digits.convnet(),
        epochs=20,
        learning_rate=2e-3,
        optimizer=adamw,
        warmup=1.0,
        distortion=_STRONG,
        fade=4,
    ),
    "autoencoder": DigitRecipe(
        lambda: digits.conv_autoencoder(),
        epochs=10,
        batch_size=64,
        learning_rate=3e-3,
        warmup=1.0,
        **_PIXELS,
    ),
    "autoencoder-32": DigitRecipe(
        lambda: digits.conv_autoencoder(code_channels=2),
        epochs=4,
        learning_rate=3e-3,
        warmup=1.0,
        **_PIXELS,
    ),
    # The listing as published, but for the optimizer: see `classic_autoencoder`.
    "autoencoder-classic": DigitRecipe(
        lambda: digits.classic_autoencoder(),
        epochs=12,
        warmup=None,
        loss=lambda: "binary_crossentropy",
        metrics=("mse",),
        reconstruction=True,
    ),
}
