"""`python -m benchmarks digits`: the digit networks on the 10,000 test images of MNIST.

Every training is a run of `keras-solvers run digits` in `runs/benchmarks/`: one that was
interrupted is resumed, one that is finished is read. `--fast` trains few epochs on few images, for
the tests.
"""

import dataclasses
import json
import statistics
import time
from pathlib import Path

import keras
import numpy as np

from benchmarks.harness import Figure
from keras_solvers import applications, load_model
from keras_solvers.applications.digits.recipes import RECIPES
from keras_solvers.applications.digits.training import build, compile_model
from keras_solvers.applications.execution import execute
from keras_solvers.data import load_images
from keras_solvers.models import ensemble
from keras_solvers.training import train

RUNS = Path("runs/benchmarks")
FAST = {"data": "digits", "epochs": 2}


def trained(model, seeds, fast, progress):
    """`[(folder, metrics)]` of the run of each seed."""
    runs = []
    for seed in seeds:
        folder = RUNS / f"{'fast' if fast else 'mnist'}-{model}-{seed}"
        if not (folder / "metrics.json").is_file():
            options = FAST if fast else {"data": "mnist"}
            digits = applications.load("digits")
            settings = digits.settings(model=model, seed=seed, **options)
            execute(digits, settings, folder, progress)
        runs.append((folder, json.loads((folder / "metrics.json").read_text())))
    return runs


def values(runs, name):
    return tuple(metrics[name] for _, metrics in runs)


def classifiers(fast, seeds, progress):
    """Softmax regression, one hidden layer, LeNet-5."""
    error = "test_error_percent"
    softmax = trained("softmax", seeds, fast, progress)
    yield Figure(
        "nearest class mean, test error", values(softmax, f"{error}_nearest_mean"), unit="%"
    )
    yield Figure("softmax regression, test error", values(softmax, error), 8.5, unit="%")
    yield Figure(
        "one hidden layer, test error",
        values(trained("mlp", seeds, fast, progress), error),
        1.6,
        unit="%",
    )
    lenet = trained("lenet5", seeds, fast, progress)
    yield Figure("LeNet-5 (1998), test error", values(lenet, error), 0.85, unit="%")
    yield Figure(
        "LeNet-5 (1998), training time", values(lenet, "training_seconds"), 240.0, unit="s"
    )


def best(fast, seeds, progress):
    """The small convolutional network with DropConnect: alone, and as an ensemble."""
    runs = trained("best", seeds, fast, progress)
    error = values(runs, "test_error_percent")
    yield Figure("best, one network, test error", error, 0.35, unit="%")
    yield Figure("best, one network, training time", values(runs, "training_seconds"), unit="s")
    model = ensemble([load_model(folder) for folder, _ in runs])
    images = load_images("digits" if fast else "mnist")
    answer = np.argmax(model.predict(images.x_test, batch_size=500, verbose=0), axis=-1)
    wrong = 100.0 * float(np.mean(answer != images.y_test))
    yield Figure(f"best, ensemble of {len(runs)}, test error", (wrong,), 0.25, unit="%")


def autoencoders(fast, seeds, progress):
    """Mean square error of the reconstructed test images, beside principal components."""
    for model, target in (("autoencoder-32", 40.0), ("autoencoder", 25.0)):
        runs = trained(model, seeds, fast, progress)
        size = runs[0][1]["code_size"]
        network, pca = values(runs, "test_mse"), values(runs, "test_mse_pca")
        yield Figure(f"PCA, {size} numbers, mean square error", pca[:1])
        yield Figure(f"conv_autoencoder, {size} numbers, mean square error", network)
        below = tuple(100.0 * (1.0 - a / b) for a, b in zip(network, pca))
        yield Figure(f"conv_autoencoder below PCA, {size} numbers", below, target, "higher", "%")
    yield from classic_listing(fast, seeds, progress)


def classic_listing(fast, seeds, progress):
    """The listing of 4,385 parameters: 12 epochs of Adam, 4 of Adadelta at two rates."""
    runs = trained("autoencoder-classic", seeds, fast, progress)
    yield Figure("classic listing, 12 epochs of Adam, mse", values(runs, "test_mse"))
    images = load_images("digits" if fast else "mnist")
    x = images.x_train
    for rate in (1.0, 1e-3):
        recipe = dataclasses.replace(
            RECIPES["autoencoder-classic"],
            optimizer=keras.optimizers.Adadelta,
            learning_rate=rate,
        )
        network = build(recipe, seed=0)
        compile_model(recipe, network, len(x) // recipe.batch_size)
        epochs = 2 if fast else 4  # enough to see which rate trains
        for _ in progress.track(range(epochs), description=f"Adadelta, rate {rate:g}"):
            network.fit(x, x, batch_size=recipe.batch_size, verbose=0)
        y = network.predict(images.x_test, batch_size=500, verbose=0)
        mse = float(np.mean(np.square(y - images.x_test)))
        yield Figure(f"classic listing, {epochs} epochs of Adadelta at {rate:g}, mse", (mse,))


def throughput(fast, seeds, progress):
    """Time of an epoch by `train`, with its checkpoint, over that of bare `fit`, in turns."""
    images = load_images("digits" if fast else "mnist")
    recipe = RECIPES["lenet5"]
    x, y = images.x_train, images.y_train
    models = [build(recipe, seed=0) for _ in range(2)]
    for model in models:
        compile_model(recipe, model, len(x) // recipe.batch_size)
        model.fit(x[:1024], y[:1024], batch_size=recipe.batch_size, verbose=0)  # compiles
    ratios = []
    for turn in progress.track(range(1 if fast else 9), description="throughput"):
        begin = time.perf_counter()
        models[0].fit(x, y, batch_size=recipe.batch_size, verbose=0)
        bare = time.perf_counter() - begin
        checkpoint = RUNS / f"throughput-{turn}.npz"
        checkpoint.unlink(missing_ok=True)
        begin = time.perf_counter()
        train(
            models[1],
            x,
            y,
            epochs=1,
            batch_size=recipe.batch_size,
            seed=turn,
            checkpoint=checkpoint,
        )
        ratios.append((time.perf_counter() - begin) / bare)
        checkpoint.unlink()
    yield Figure("time of `run` over bare Keras, LeNet-5", (statistics.median(ratios),), 1.05)


PARTS = {
    "classifiers": classifiers,
    "best": best,
    "autoencoders": autoencoders,
    "throughput": throughput,
}
