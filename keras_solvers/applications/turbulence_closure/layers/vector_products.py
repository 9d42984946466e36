"""Vectors as tensors: their products with themselves and with each other."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class VectorProducts(keras.layers.Layer):
    """`u u^T` of each vector, then `u v^T + v u^T` and `u v^T - v u^T` of each pair.

    They hold all that a scalar or a symmetric tensor may depend on: both are the same when all
    vectors change sign, for so do vectors in axes that are all reversed, in which tensors stay.

    Shapes:
        x: `(batch, num_vectors, 3)`.
        y: `(batch, num_vectors^2, 3, 3)`.
    """

    def call(self, x):
        num_vectors = x.shape[1]
        products = ops.expand_dims(x[:, :, None], -1) * x[:, None, :, None, :]
        values = [products[:, i, i] for i in range(num_vectors)]
        for i in range(num_vectors):
            for j in range(i + 1, num_vectors):
                first, second = products[:, i, j], products[:, j, i]
                values += [first + second, first - second]
        return ops.stack(values, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[1] ** 2, 3, 3)
