import dataclasses

import numpy as np
import pytest

from keras_solvers.applications.digits.recipes import RECIPES, DigitRecipe
from keras_solvers.applications.digits.training import build, callbacks, compile_model
from keras_solvers.models import softmax_regression

IMAGES = np.random.default_rng(0).uniform(size=(8, 28, 28, 1)).astype("float32")


@pytest.mark.parametrize("name", ["softmax", "lenet5", "autoencoder-classic"])
def test_recipe_trains(name):
    recipe = dataclasses.replace(RECIPES[name], epochs=2, batch_size=4)
    model = build(recipe, seed=0)
    compile_model(recipe, model, steps_per_epoch=2)
    targets = IMAGES if recipe.reconstruction else np.arange(8)
    options = {"epochs": 2, "batch_size": 4, "callbacks": callbacks(recipe), "verbose": 0}
    assert np.all(np.isfinite(model.fit(IMAGES, targets, **options).history["loss"]))
    if recipe.warmup is not None:
        assert float(model.optimizer.learning_rate) == pytest.approx(0.0, abs=1e-9)


def test_seed_fixes_the_weights():
    first, again, other = (
        np.array(build(RECIPES["best"], seed).trainable_variables[0]) for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert np.any(first != other)


def test_distortion_fades_over_the_last_epochs():
    distortion = {"shift": 1.0}
    recipe = DigitRecipe(softmax_regression, epochs=5, distortion=distortion, fade=3)
    model = build(recipe, seed=0)
    (fading,) = callbacks(recipe)
    fading.set_model(model)
    strengths = []
    for epoch in range(5):
        fading.on_epoch_begin(epoch)
        strengths.append(float(model.get_layer("distortion").strength))
    assert strengths == [1.0, 1.0, 0.75, 0.5, 0.25]
