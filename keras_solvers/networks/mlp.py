"""Softmax regression and fully connected networks."""

import keras


def softmax_regression(
    input_shape: tuple[int, ...] = (28, 28, 1), num_classes: int = 10
) -> keras.Model:
    """Builds the linear classifier `W x + b`; returns float32 logits `(batch, num_classes)`."""
    return mlp(input_shape, num_classes, depth=0)


def mlp(
    input_shape: tuple[int, ...],
    output_units: int,
    width: int = 512,
    depth: int = 1,
    dropout: float = 0.0,
) -> keras.Model:
    """Builds a fully connected ReLU network on the flattened input.

    Args:
        input_shape: Shape of one input, such as `(28, 28, 1)`.
        output_units: Number of outputs: linear, float32; logits for a classifier.
        width: Units of each hidden layer.
        depth: Number of hidden layers; 0 is a linear map.
        dropout: Share of hidden units dropped in training.
    """
    inputs = keras.Input(input_shape)
    x = keras.layers.Flatten()(inputs)
    for _ in range(depth):
        x = keras.layers.Dense(width, activation="relu", kernel_initializer="he_normal")(x)
        if dropout > 0.0:
            x = keras.layers.Dropout(dropout)(x)
    # Half precision would round logits, whatever the global policy.
    outputs = keras.layers.Dense(output_units, dtype="float32", name="outputs")(x)
    return keras.Model(inputs, outputs, name="mlp" if depth else "linear")
