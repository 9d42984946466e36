"""One training of a digit network: metrics and figures beside trivial and classic baselines."""

import dataclasses

import numpy as np

from keras_solvers.applications.application import Result, Table
from keras_solvers.applications.digits.baselines import bottleneck_size, nearest_mean_error, pca
from keras_solvers.applications.digits.figures import draw
from keras_solvers.applications.digits.recipes import RECIPES
from keras_solvers.applications.digits.training import train_digits
from keras_solvers.data import IMAGE_SETS, load_images

_SHOWN = ("code_size", "parameters", "training_seconds")


def run(settings, folder, progress):
    """Trains a recipe on an image set.

    Args:
        settings: `DigitsSettings`.
        folder: `RunFolder` of the checkpoint.
        progress: `rich.progress.Progress` to draw on.

    Returns:
        `Result`.

    Raises:
        DataNotFoundError: If the image set is not on this machine.
    """
    images = load_images(settings.data)
    recipe = RECIPES[settings.model]
    recipe = dataclasses.replace(recipe, epochs=settings.epochs or recipe.epochs)
    network, history = train_digits(
        recipe,
        images,
        folder.file("checkpoint.npz"),
        progress,
        title=settings.model,
        seed=settings.seed,
    )
    measured = evaluate(recipe, network, images)
    metrics = {
        **measured,
        "parameters": network.count_params(),
        "training_seconds": sum(row["seconds"] for row in history),
    }
    rows = [
        (name.replace("_", " "), f"{value:.4g}" if value < 1000 else f"{value:,.0f}")
        for name, value in metrics.items()
        if name in measured or name in _SHOWN
    ]
    return Result(
        metrics,
        tables=[Table(f"{settings.model} on {settings.data}", ("figure", "value"), rows)],
        figures=draw(recipe, network, images),
        history=history,
        model=network,
        card={
            "input_meaning": f"image of {settings.data}",
            "output_meaning": "image" if recipe.reconstruction else "logits of the ten classes",
            "units": "grey values, 0 is background and 1 is ink",
            "normalisation": IMAGE_SETS[settings.data].normalisation,
            "metrics": measured,
        },
    )


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
