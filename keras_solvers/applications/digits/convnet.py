"""A small convolutional network for images of one object."""

from collections.abc import Sequence

import keras

from keras_solvers.applications.digits.drop_connect import DropConnectDense


def convnet(
    input_shape: tuple[int, int, int] = (28, 28, 1),
    num_classes: int = 10,
    widths: Sequence[int] = (32, 64, 64, 96),
    drop_connect: float = 0.5,
) -> keras.Model:
    """Builds a convolutional classifier with a DropConnect head; returns float32 logits.

    A 4x4 convolution of stride 2 halves the image at once, so that no costly layer runs at full
    resolution; 3x3 convolutions without padding shrink it further, one layer for each of
    `widths`, each with batch normalisation and ReLU. From 28x28 pixels they leave 5x5 positions,
    which a layer of 128 units and a linear DropConnect layer turn into logits.

    Args:
        input_shape: Height, width and channels.
        num_classes: Number of logits.
        widths: Filters of each 3x3 convolution.
        drop_connect: Share of the last layer's weights dropped in training.

    References: An, Lee, Park, Yang and So, An ensemble of simple convolutional neural network
    models for MNIST digit recognition, 2020 (unpadded convolutions); Wan et al., Regularization
    of neural networks using DropConnect, 2013.
    """
    x = inputs = keras.Input(input_shape)
    x = _normalised(keras.layers.Conv2D(widths[0], 4, strides=2, **_PLAIN), x)
    for width in widths:
        x = _normalised(keras.layers.Conv2D(width, 3, **_PLAIN), x)
    x = keras.layers.Flatten()(x)
    x = _normalised(keras.layers.Dense(128, **_PLAIN), x)
    logits = DropConnectDense(num_classes, drop_connect, dtype="float32", name="logits")(x)
    return keras.Model(inputs, logits, name="convnet")


# Batch normalisation brings its own offset.
_PLAIN = {"use_bias": False, "kernel_initializer": "he_normal"}


def _normalised(layer, x):
    return keras.layers.ReLU()(keras.layers.BatchNormalization()(layer(x)))
