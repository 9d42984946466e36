"""Networks that represent isotropic tensor functions of tensors and vectors."""

import keras

from keras_solvers.applications.turbulence_closure.layers.tensor_polynomials import (
    Basis,
    Invariants,
)
from keras_solvers.applications.turbulence_closure.layers.vector_products import VectorProducts
from keras_solvers.networks.bounded_norm import BoundedNorm


def isotropic_network(
    invariants: Invariants | keras.Model,
    basis: Basis,
    num_vectors: int = 0,
    width: int = 30,
    depth: int = 5,
    size: float = 3.0,
) -> keras.Model:
    """Builds `y = sum_n g_n(invariants) T_n`, an isotropic function for all weights.

    It generalises `tensor_basis_network` to other invariants and bases. Examples are two symmetric
    tensors of a solid, or gradients of `k` and of the mean pressure beside the velocity gradient.

    Args:
        invariants: Layer of invariants, such as `StrainRotationVectorInvariants(2)`, or a model
            that also normalises them.
        basis: Layer of basis tensors, such as `StrainRotationVectorBasis(2)`.
        num_vectors: Number of vectors. If there are any, `x` is a dict, and the layers receive the
            `VectorProducts` after the two tensors.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        size: Scale of `BoundedNorm`, for the norm of both tensors and for that of all vectors.

    Shapes:
        x: `(batch, 2, 3, 3)`; with vectors
            `{"tensors": (batch, 2, 3, 3), "vectors": (batch, num_vectors, 3)}`.
        y: `(batch, 3, 3)`, float32.

    Reference: Ling, Kurzawski and Templeton, 2016, J. Fluid Mech. 807, section 3.
    """
    x = keras.Input((2, 3, 3), name="tensors")
    inputs, scaled = x, BoundedNorm(size)(x)
    if num_vectors:
        inputs = {"tensors": x, "vectors": keras.Input((num_vectors, 3), name="vectors")}
        products = VectorProducts()(BoundedNorm(size)(inputs["vectors"]))
        scaled = keras.layers.Concatenate(axis=1)([scaled, products])
    hidden = invariants(scaled)
    for _ in range(depth):
        hidden = keras.layers.Dense(width, "silu", kernel_initializer="he_normal")(hidden)
    num_tensors = len(basis.words)
    coefficients = keras.layers.Dense(num_tensors, dtype="float32")(hidden)
    tensors = keras.layers.Reshape((num_tensors, 9), dtype="float32")(basis(scaled))
    weighted = keras.layers.Dot(axes=(1, 1), dtype="float32")([coefficients, tensors])
    y = keras.layers.Reshape((3, 3), dtype="float32")(weighted)
    return keras.Model(inputs, y, name="isotropic_network")
