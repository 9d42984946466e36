"""Recipes of the digit classifiers and autoencoders: network, augmentation and training."""

import dataclasses
import math
from collections.abc import Callable

import keras

from keras_solvers.applications.digits.autoencoder import classic_autoencoder, conv_autoencoder
from keras_solvers.applications.digits.convnet import convnet
from keras_solvers.applications.digits.lenet import lenet5
from keras_solvers.applications.digits.random_distortion import RandomDistortion
from keras_solvers.networks.mlp import mlp, softmax_regression


def cross_entropy():
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@dataclasses.dataclass(frozen=True)
class DigitRecipe:
    """How one network is built and trained on images `(n, 28, 28, 1)` with values in `[0, 1]`.

    Attributes:
        network: Builds the network.
        epochs: Passes through the training images.
        batch_size: Images per step.
        learning_rate: Peak of the cosine schedule, which ends at zero.
        optimizer: Called as `optimizer(learning_rate=...)`.
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

    network: Callable[[], keras.Model]
    epochs: int
    batch_size: int = 128
    learning_rate: float = 1e-3
    optimizer: Callable[..., keras.optimizers.Optimizer] = keras.optimizers.Adam
    warmup: float | None = 0.0
    loss: Callable[[], keras.losses.Loss] = cross_entropy
    metrics: tuple[str, ...] = ("accuracy",)
    distortion: dict[str, float] | None = None
    fade: int = 0
    reconstruction: bool = False
    fused: bool = False

    def build(self, seed):
        """Builds the network that is trained: `seed` fixes its weights and its random stream."""
        keras.utils.set_random_seed(seed)
        network = self.network()
        if self.distortion is None:
            return network
        distortion = RandomDistortion(**self.distortion, seed=seed, name="distortion")
        return keras.Sequential([keras.Input(network.input_shape[1:]), distortion, network])

    def callbacks(self):
        """Callbacks for `fit`; they keep no state of their own, so that a run can resume."""
        return [FadingDistortion(self.epochs, self.fade)] if self.fade else []


def compile_model(recipe, model, steps_per_epoch):
    """Compiles `model` with the optimizer, schedule, loss and metrics of `recipe`."""
    rate = _learning_rate(recipe, steps_per_epoch)
    optimizer = recipe.optimizer(learning_rate=rate)
    model.compile(
        optimizer,
        loss=recipe.loss(),
        metrics=list(recipe.metrics),
        jit_compile=recipe.fused or "auto",
        steps_per_execution=10 if recipe.fused else 1,
    )


def _learning_rate(recipe, steps_per_epoch):
    if recipe.warmup is None:
        return recipe.learning_rate
    warmup_steps = math.ceil(recipe.warmup * steps_per_epoch)
    return keras.optimizers.schedules.CosineDecay(
        0.0 if warmup_steps else recipe.learning_rate,
        recipe.epochs * steps_per_epoch - warmup_steps,
        warmup_target=recipe.learning_rate if warmup_steps else None,
        warmup_steps=warmup_steps,
    )


class FadingDistortion(keras.callbacks.Callback):
    """Lowers the strength of the layer `distortion` to zero over the last epochs.

    The last steps then see images nearly as they are, and so do the batch statistics.
    """

    def __init__(self, epochs, fade):
        super().__init__()
        self.epochs = epochs
        self.fade = fade

    def on_epoch_begin(self, epoch, logs=None):
        strength = min(1.0, (self.epochs - epoch) / (self.fade + 1))
        self.model.get_layer("distortion").strength.assign(strength)


def _adamw(learning_rate):
    return keras.optimizers.AdamW(learning_rate, weight_decay=0.05)


def _one_hidden_layer():
    return mlp((28, 28, 1), 10, width=1024, dropout=0.5)


def _narrow_autoencoder():
    return conv_autoencoder(code_channels=2)


_LIGHT = {"rotation": 8.0, "scale": 0.1, "shear": 0.1, "shift": 1.0, "elastic": 0.5}
_STRONG = {"rotation": 12.0, "scale": 0.15, "shear": 0.2, "shift": 2.0, "elastic": 1.0}
_PIXELS = {
    "loss": keras.losses.MeanSquaredError,
    "metrics": (),
    "reconstruction": True,
    "fused": True,
}

RECIPES = {
    "softmax": DigitRecipe(softmax_regression, epochs=10),
    "mlp": DigitRecipe(_one_hidden_layer, epochs=20),
    "lenet5": DigitRecipe(
        lenet5,
        epochs=16,
        batch_size=64,
        learning_rate=1.4e-3,
        distortion=_LIGHT,
        fade=3,
        fused=True,
    ),
    "best": DigitRecipe(
        convnet,
        epochs=20,
        learning_rate=2e-3,
        optimizer=_adamw,
        warmup=1.0,
        distortion=_STRONG,
        fade=4,
    ),
    "autoencoder": DigitRecipe(
        conv_autoencoder, epochs=10, batch_size=64, learning_rate=3e-3, warmup=1.0, **_PIXELS
    ),
    "autoencoder-32": DigitRecipe(
        _narrow_autoencoder, epochs=4, learning_rate=3e-3, warmup=1.0, **_PIXELS
    ),
    # The listing as published, but for the optimizer: see `classic_autoencoder`.
    "autoencoder-classic": DigitRecipe(
        classic_autoencoder,
        epochs=12,
        warmup=None,
        loss=keras.losses.BinaryCrossentropy,
        metrics=("mse",),
        reconstruction=True,
    ),
}
