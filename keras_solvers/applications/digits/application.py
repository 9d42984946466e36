"""The application `digits`: its settings and what it compares."""

import dataclasses

from keras_solvers.applications.application import Application
from keras_solvers.applications.digits.recipes import RECIPES
from keras_solvers.applications.settings import Settings, setting
from keras_solvers.data.images import IMAGE_SETS


@dataclasses.dataclass(frozen=True, kw_only=True)
class DigitsSettings(Settings):
    """Which network is trained on which images."""

    model: str = setting("lenet5", "Classifier or autoencoder.", choices=RECIPES)
    data: str = setting("digits", "Image set; digits comes with scikit-learn.", choices=IMAGE_SETS)
    epochs: int | None = setting(None, "Number of epochs; the recipe's if left out.", minimum=1)


APPLICATION = Application(
    title="Handwritten digits and other small images",
    network="softmax regression to LeNet-5, DropConnect and autoencoders",
    rivals=("nearest class mean", "principal components"),
    settings=DigitsSettings,
    runner="keras_solvers.applications.digits.run",
    headline=("digits", "LeNet-5 (1998), test error"),
)
