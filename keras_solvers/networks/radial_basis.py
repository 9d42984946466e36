"""Squared distances to fixed centres."""

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_solvers.networks")
class RadialBasis(keras.layers.Layer):
    """Squared Euclidean distance `sum_j (x_j - c_ij)^2` to each of the fixed `centers`.

    Args:
        centers: `(units, inputs)`, kept as a weight that is not trained.

    Shapes:
        `(batch, inputs)` to `(batch, units)`.

    Reference: LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document
    recognition, 1998, equation 7.
    """

    def __init__(self, centers, **kwargs):
        super().__init__(**kwargs)
        self.centers = np.asarray(centers, dtype="float32").tolist()

    def build(self, input_shape):
        shape = (len(self.centers), input_shape[-1])
        if len(self.centers[0]) != shape[1]:
            raise ValueError(
                f"Each centre has {len(self.centers[0])} numbers and each input {shape[1]}; they "
                f"must agree. Received: input_shape={tuple(input_shape)}"
            )

        def initial(shape, dtype=None):
            return ops.convert_to_tensor(self.centers, dtype)

        self.kernel = self.add_weight(shape, initial, trainable=False, name="centers")

    def call(self, x):
        # Not expanded into products: their difference would lose digits near a centre.
        return ops.sum(ops.square(ops.expand_dims(x, 1) - self.kernel), axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], len(self.centers))

    def get_config(self):
        return {**super().get_config(), "centers": self.centers}
