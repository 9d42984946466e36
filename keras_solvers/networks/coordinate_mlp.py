"""Smooth networks of coordinates."""

import keras
import numpy as np

from keras_solvers.numerics.derivatives import supports_float64


def coordinate_mlp(
    num_coordinates, num_outputs=1, width=20, depth=4, *, bounds=None, embedding=None, dtype=None
):
    """Builds a fully connected tanh network from points to fields.

    Args:
        num_coordinates: Number of coordinates.
        num_outputs: Number of outputs.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        bounds: `(num_coordinates, 2)`, scaled to [-1, 1] before the first layer.
        embedding: Layer between the scaled coordinates and the first layer, in the same dtype:
            `PeriodicEmbedding((2.0, None))`, for example, makes the network periodic in the first
            of two coordinates that `bounds` scale.
        dtype: `"float64"` for errors below 1e-5; `keras.config.floatx()` if `None`.

    Raises:
        ValueError: If the backend does not compute in float64.
    """
    inputs, x, dtype = prepared(num_coordinates, bounds, embedding, dtype)
    for _ in range(depth):
        x = keras.layers.Dense(width, "tanh", kernel_initializer="glorot_normal", dtype=dtype)(x)
    outputs = keras.layers.Dense(num_outputs, kernel_initializer="glorot_normal", dtype=dtype)(x)
    return keras.Model(inputs, outputs, name="coordinate_mlp")


def prepared(num_coordinates, bounds, embedding, dtype):
    """`(inputs, features, dtype)`: how networks of coordinates begin; arguments as there."""
    if dtype == "float64" and not supports_float64():
        raise ValueError(
            "Keras computes in float64 on the TensorFlow backend alone; elsewhere its operations "
            "round to float32. Set KERAS_BACKEND=tensorflow, or leave `dtype` out. "
            "Received: dtype='float64'"
        )
    # Half precision would cap the accuracy of the solution, whatever the global policy.
    dtype = dtype or keras.config.floatx()
    inputs = x = keras.Input((num_coordinates,), dtype=dtype)
    if bounds is not None:
        (low, high) = np.asarray(bounds).T
        x = keras.layers.Rescaling(2.0 / (high - low), -(high + low) / (high - low), dtype=dtype)(x)
    return inputs, x if embedding is None else embedding(x), dtype
