"""Training of a digit recipe."""

import math

import keras

from keras_solvers.applications.digits.random_distortion import RandomDistortion
from keras_solvers.training import ProgressBar, train


def train_digits(recipe, images, checkpoint, progress, *, title, seed):
    """Trains a recipe; returns the network without its augmentation, and the history.

    Args:
        recipe: `DigitRecipe`.
        images: `Split` of images.
        checkpoint: Path of the checkpoint.
        progress: `rich.progress.Progress` to draw on.
        title: What is trained.
        seed: Seed of weights, augmentation and order of the images.
    """
    model = build(recipe, seed)
    x, y = images.x_train, images.x_train if recipe.reconstruction else images.y_train
    compile_model(recipe, model, math.ceil(len(x) / recipe.batch_size))
    history = train(
        model,
        x,
        y,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        seed=seed,
        checkpoint=checkpoint,
        callbacks=[ProgressBar(progress, title, recipe.epochs), *callbacks(recipe)],
    )
    return (model if recipe.distortion is None else model.layers[-1]), history


def build(recipe, seed):
    """The network that is trained: `seed` fixes its weights and its random stream."""
    keras.utils.set_random_seed(seed)
    network = recipe.network()
    if recipe.distortion is None:
        return network
    distortion = RandomDistortion(**recipe.distortion, seed=seed, name="distortion")
    return keras.Sequential([keras.Input(network.input_shape[1:]), distortion, network])


def callbacks(recipe):
    """Callbacks for `fit`; they keep no state of their own, so that a run can resume."""
    return [FadingDistortion(recipe.epochs, recipe.fade)] if recipe.fade else []


def compile_model(recipe, model, steps_per_epoch):
    """Compiles `model` with the optimizer, schedule, loss and metrics of `recipe`."""
    rate = _learning_rate(recipe, steps_per_epoch)
    model.compile(
        recipe.optimizer(rate),
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
