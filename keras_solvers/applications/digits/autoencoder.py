"""Convolutional autoencoders of 28x28 images."""

from collections.abc import Sequence

import keras


def conv_autoencoder(code_channels: int = 8, widths: Sequence[int] = (24, 48, 64)) -> keras.Model:
    """Builds a fully convolutional autoencoder of images `(batch, 28, 28, 1)` in `[0, 1]`.

    The encoder halves the image three times, 28, 14, 7, 4, and ends in a linear code
    `(batch, 4, 4, code_channels)`; the decoder mirrors it. The sub-models are reached as
    `model.get_layer("encoder")` and `model.get_layer("decoder")`.

    Args:
        code_channels: Numbers of the code at each of its 16 positions.
        widths: Filters at 14x14, 7x7 and 4x4.
    """
    inputs = keras.Input((28, 28, 1))
    encoder, decoder = _encoder(code_channels, widths), _decoder(code_channels, widths)
    return keras.Model(inputs, decoder(encoder(inputs)), name="conv_autoencoder")


def _encoder(code_channels, widths):
    image = keras.Input((28, 28, 1))
    x = _block(image, widths[0], 4, strides=2)
    x = _block(x, widths[1], 4, strides=2)
    x = _block(x, widths[2], 4, strides=2)
    # Twice over all positions: what one number cannot hold its neighbours take over.
    x = _block(_block(x, widths[2], 3), widths[2], 3)
    code = keras.layers.Conv2D(code_channels, 1, name="code")(x)
    return keras.Model(image, code, name="encoder")


def _decoder(code_channels, widths):
    code = keras.Input((4, 4, code_channels))
    x = _block(_block(code, widths[2], 3), widths[2], 3)
    x = _block(x, widths[1], 4, strides=2, layer=keras.layers.Conv2DTranspose)
    x = keras.layers.Cropping2D(((0, 1), (0, 1)))(x)  # 8x8 to 7x7
    x = _block(x, widths[0], 4, strides=2, layer=keras.layers.Conv2DTranspose)
    x = _block(x, widths[0], 3)
    # Pixels in half precision would be worse than eight bits.
    image = keras.layers.Conv2DTranspose(
        1, 4, strides=2, padding="same", activation="sigmoid", dtype="float32", name="image"
    )(x)
    return keras.Model(code, image, name="decoder")


def _block(x, filters, kernel_size, strides=1, layer=keras.layers.Conv2D):
    x = layer(
        filters,
        kernel_size,
        strides=strides,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
    )(x)
    return keras.layers.ReLU()(keras.layers.BatchNormalization()(x))


def classic_autoencoder() -> keras.Model:
    """Builds the listing of many introductions: 4,385 parameters, code 4x4x8, sigmoid output.

    The third convolution of the decoder has no padding, 16x16 to 14x14: with it, the output
    would have 32x32 pixels. Two warnings for readers of that listing today: `"adadelta"` meant a
    rate of 1 when it was written, Keras 3 starts at 0.001 and does not train it; and principal
    components with as many numbers are several times more accurate.

    Reference: Building autoencoders in Keras, the Keras blog, 2016.
    """
    model = keras.Sequential(name="classic_autoencoder")
    model.add(keras.Input((28, 28, 1)))
    for filters in (16, 8, 8):
        model.add(keras.layers.Conv2D(filters, 3, activation="relu", padding="same"))
        model.add(keras.layers.MaxPooling2D(2, padding="same"))
    for filters, padding, size in ((8, "same", 8), (8, "same", 16), (16, "valid", 28)):
        model.add(keras.layers.Conv2D(filters, 3, activation="relu", padding=padding))
        # Doubles each pixel, as `UpSampling2D(2)` does, in an operation that LiteRT has too.
        model.add(keras.layers.Resizing(size, size, interpolation="nearest"))
    model.add(keras.layers.Conv2D(1, 3, activation="sigmoid", padding="same", dtype="float32"))
    return model
