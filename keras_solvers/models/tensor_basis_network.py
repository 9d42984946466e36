"""The network of tensor bases: a closure that turns with the axes by construction."""

import keras

from keras_solvers.layers.bounded_norm import BoundedNorm
from keras_solvers.layers.tensor_basis import StrainRotationBasis, StrainRotationInvariants


def tensor_basis_network(width=30, depth=5, size=3.0):
    """Builds `b = sum_n g_n(invariants) T_n`: the network sees invariants, and weighs tensors.

    Whatever its weights, `b(Q S Q^T, Q R Q^T) = Q b(S, R) Q^T` for all rotations and reflections
    `Q`; and since only gradients of the velocity enter, it is the same in all frames that move
    steadily.

    The gradient is brought into the unit ball first: products of up to six matrices would otherwise
    span a dozen decades, and clipping components, as it is often done, would break the invariance.

    Args:
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        size: Of a gradient, times `k / epsilon`, from which on it counts as large.

    Shapes:
        x: `(batch, 2, 3, 3)`, strain and rotation rate times `k / epsilon`.
        y: `(batch, 3, 3)`, anisotropy of the Reynolds stresses; float32.

    Reference: Ling, Kurzawski and Templeton, Reynolds averaged turbulence modelling using deep
    neural networks with embedded invariance, 2016, J. Fluid Mech. 807, section 3.
    """
    x = keras.Input((2, 3, 3))
    scaled = BoundedNorm(size)(x)
    hidden = StrainRotationInvariants()(scaled)
    for _ in range(depth):
        hidden = keras.layers.Dense(width, "silu", kernel_initializer="he_normal")(hidden)
    coefficients = keras.layers.Dense(10, dtype="float32")(hidden)
    tensors = keras.layers.Reshape((10, 9))(StrainRotationBasis(dtype="float32")(scaled))
    weighted = keras.layers.Dot(axes=(1, 1), dtype="float32")([coefficients, tensors])
    return keras.Model(x, keras.layers.Reshape((3, 3))(weighted), name="tensor_basis_network")
