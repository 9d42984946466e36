"""Several classifiers as one."""

from collections.abc import Sequence

import keras
from keras import ops


def ensemble(models: Sequence[keras.Model]) -> keras.Model:
    """Builds one model that averages the class probabilities of classifiers with logits.

    It returns the logarithm of the mean probability, which acts as logits: its softmax is the
    mean, and a cross entropy from logits is that of the mean. The members share their weights
    with `models`.

    Args:
        models: Classifiers of equal input and output shape that return logits.
    """
    models = list(models)
    if not models:
        raise ValueError("`models` is empty: an ensemble needs one member at least.")
    shapes = {(model.input_shape, model.output_shape) for model in models}
    if len(shapes) > 1:
        raise ValueError(
            "All members must agree in input and output shape. "
            f"Received: models with (input shape, output shape) in {sorted(shapes, key=str)}"
        )
    inputs = keras.Input(models[0].input_shape[1:])
    members = [_renamed(model, f"member_{i}") for i, model in enumerate(models)]
    logits = ops.stack([member(inputs) for member in members])
    outputs = LogMeanProbability(dtype="float32", name="logits")(logits)
    return keras.Model(inputs, outputs, name="ensemble")


@keras.saving.register_keras_serializable(package="keras_solvers.networks")
class LogMeanProbability(keras.layers.Layer):
    """Logarithm of the mean over the members of the softmax of their logits.

    Shapes:
        `(members, batch, classes)` to `(batch, classes)`.
    """

    def call(self, logits):
        count = ops.log(float(logits.shape[0]))
        return ops.logsumexp(ops.log_softmax(logits, axis=-1), axis=0) - count

    def compute_output_shape(self, input_shape):
        return input_shape[1:]


def _renamed(model, name):
    """A model with the same layers and weights under a name of its own."""
    inputs = keras.Input(model.input_shape[1:])
    return keras.Model(inputs, model(inputs), name=name)
