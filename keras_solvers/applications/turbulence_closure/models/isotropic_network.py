"""Networks of invariants and tensors: any isotropic function of tensors and vectors."""

import keras

from keras_solvers.applications.turbulence_closure.layers.vector_products import VectorProducts
from keras_solvers.networks.bounded_norm import BoundedNorm


def isotropic_network(invariants, basis, num_vectors=0, width=30, depth=5, size=3.0):
    """Builds `y = sum_n g_n(invariants) T_n`, which turns with the axes whatever its weights.

    As `tensor_basis_network`, for other lists: two symmetric tensors of a solid, say, or the
    gradients of `k` and of the mean pressure beside those of the velocity.

    Args:
        invariants: Layer of invariants, such as `StrainRotationVectorInvariants(2)`, or a model
            that scales them, too.
        basis: Layer of tensors, such as `StrainRotationVectorBasis(2)`.
        num_vectors: Number of vectors. If any, `x` is a dict, and the layers get the
            `VectorProducts` after the two tensors.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        size: Norm of both tensors, and of all vectors, from which on they count as large.

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
