"""One training of a digit network in a run folder: metrics, figures and exports."""

import dataclasses
import math

import numpy as np

from keras_solvers import environment
from keras_solvers.applications.digits import figures
from keras_solvers.applications.digits.baselines import bottleneck_size, nearest_mean_error, pca
from keras_solvers.applications.digits.recipes import RECIPES, compile_model
from keras_solvers.data.images import load_images
from keras_solvers.training.progress import ProgressBar
from keras_solvers.training.run_folder import RunFolder
from keras_solvers.training.train import train


def run_digits(path, model, data, progress, *, seed=0, epochs=None, overwrite=False):
    """Trains the recipe `model` on the image set `data`; resumes an unfinished run.

    Args:
        path: The run folder.
        model: Key of `RECIPES`.
        data: Key of `keras_solvers.data.IMAGE_SETS`.
        progress: `rich.progress.Progress` to draw on.
        seed: Seed of weights, augmentation and order of the images.
        epochs: Number of epochs; the recipe's if `None`.
        overwrite: Whether to delete an earlier run in the folder.

    Returns:
        `(network, metrics)`: the trained network and what is written to `metrics.json`.

    Raises:
        ValueError: If there is no such recipe or image set, or `epochs` is not positive.
    """
    if model not in RECIPES:
        raise ValueError(f"Models are {', '.join(RECIPES)}. Received: model={model!r}")
    if epochs is not None and epochs < 1:
        raise ValueError(f"`epochs` must be at least 1. Received: epochs={epochs}")
    images = load_images(data)
    recipe = RECIPES[model]
    recipe = dataclasses.replace(recipe, epochs=epochs or recipe.epochs)
    settings = {"run": "mnist", "model": model, "data": data, "seed": seed, "epochs": recipe.epochs}
    folder = RunFolder(path, settings, overwrite)
    network, history = train_digits(recipe, images, folder, progress, title=model, seed=seed)
    folder.save_history(history)
    folder.save_model(network)
    measured = evaluate(recipe, network, images)
    for name, figure in figures.draw(recipe, network, images).items():
        folder.save_figure(name, figure)
    metrics = {
        **settings,
        **measured,
        "parameters": network.count_params(),
        "training_seconds": sum(row["seconds"] for row in history),
        **environment.header(),
    }
    folder.finish(metrics)
    return network, metrics


def train_digits(recipe, images, folder, progress, *, title, seed):
    """Trains a recipe; returns the network without its augmentation, and the history."""
    model = recipe.build(seed)
    x, y = images.x_train, images.x_train if recipe.reconstruction else images.y_train
    compile_model(recipe, model, math.ceil(len(x) / recipe.batch_size))
    history = train(
        model,
        x,
        y,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        seed=seed,
        checkpoint=folder.file("checkpoint.npz"),
        callbacks=[ProgressBar(progress, title, recipe.epochs), *recipe.callbacks()],
    )
    return (model if recipe.distortion is None else model.layers[-1]), history


def evaluate(recipe, network, images):
    """Figures on the test images, each beside a trivial or classic baseline."""
    answer = network.predict(images.x_test, batch_size=500, verbose=0)
    if recipe.reconstruction:
        code_size = bottleneck_size(network)
        return {
            "code_size": code_size,
            "test_mse": float(np.mean(np.square(answer - images.x_test))),
            "test_mse_pca": float(np.mean(np.square(pca(images, code_size) - images.x_test))),
        }
    wrong = np.argmax(answer, axis=-1) != images.y_test
    return {
        "test_error_percent": 100.0 * float(np.mean(wrong)),
        "test_error_percent_nearest_mean": 100.0 * nearest_mean_error(images),
    }
