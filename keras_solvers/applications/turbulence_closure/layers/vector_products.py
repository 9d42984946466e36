"""Tensor products of vectors."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class VectorProducts(keras.layers.Layer):
    """`u u^T` of each vector, then `u v^T + v u^T` and `u v^T - v u^T` of each pair.

    Scalar and second-order tensor functions depend on the vectors through these products only: an
    inversion of the axes reverses all vectors and leaves scalars and tensors unchanged.

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
