"""The tensor-basis network: a closure that is equivariant by construction."""

from collections.abc import Sequence

import keras
from keras import ops

from keras_solvers.applications.turbulence_closure.layers.tensor_basis import (
    StrainRotationBasis,
    StrainRotationInvariants,
)
from keras_solvers.networks.bounded_norm import BoundedNorm


def tensor_basis_network(
    width: int = 30,
    depth: int = 5,
    size: float = 3.0,
    scalar_sizes: Sequence[float] = (),
    invariants: bool = True,
    num_tensors: int = 10,
    dtype: str = "float32",
) -> keras.Model:
    """Builds `b = sum_n g_n(invariants, scalars) T_n`, a network for the coefficients `g_n`.

    For all weights, `b(Q S Q^T, Q R Q^T) = Q b(S, R) Q^T` for all orthogonal `Q`. The closure is
    Galilean invariant, because it depends on velocity gradients only.

    `BoundedNorm` normalises the gradient first. Products of up to six matrices would otherwise span
    a dozen decades. Clipping components, as is often done, would break the invariance.

    Args:
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        size: Scale of `BoundedNorm`, for gradients times `k / epsilon`.
        scalar_sizes: One scale for each further feature of the coefficients, such as a Reynolds
            number. These features must be positive and invariant under rotations. A feature `r`
            enters in the bounded form `r / (r + size)`.
        invariants: Whether the coefficients depend on the invariants of the gradient. If not, the
            stress at each point is a fixed function of the gradient, so that it extrapolates in a
            controlled way to gradients outside the training data.
        num_tensors: Number of Pope's tensors. Three are enough in plane mean flows: the others are
            linear combinations of them, so plane data do not determine their coefficients.
        dtype: Precision of the tensors and coefficients; use "float64" in `Channel` and
            `SquareDuct`.

    Shapes:
        x: `(batch, 2, 3, 3)`, strain and rotation rate times `k / epsilon`; with scalars
            `{"tensors": (batch, 2, 3, 3), "scalars": (batch, len(scalar_sizes))}`.
        y: `(batch, 3, 3)`, anisotropy of the Reynolds stresses.

    Raises:
        ValueError: If the coefficients have no features.

    Reference: Ling, Kurzawski and Templeton, Reynolds averaged turbulence modelling using deep
    neural networks with embedded invariance, 2016, J. Fluid Mech. 807, section 3.
    """
    if not (invariants or scalar_sizes):
        raise ValueError(
            "The coefficients depend on nothing: use `invariants=True` or name `scalar_sizes`. "
            "Received: invariants=False, scalar_sizes=()"
        )
    # Hidden layers follow the global dtype policy unless float64 is requested.
    inner = {"dtype": dtype} if dtype == "float64" else {}
    x = inputs = keras.Input((2, 3, 3), name="tensors", dtype=inner.get("dtype"))
    scaled = BoundedNorm(size, dtype=dtype)(x)
    features = [StrainRotationInvariants(dtype=dtype)(scaled)] if invariants else []
    if scalar_sizes:
        scalars = keras.Input((len(scalar_sizes),), name="scalars", dtype=inner.get("dtype"))
        inputs = {"tensors": x, "scalars": scalars}
        features.append(scalars / (scalars + ops.cast(scalar_sizes, scalars.dtype)))
    joined = keras.layers.Concatenate(**inner)(features) if len(features) > 1 else features[0]
    hidden = keras.layers.Identity(name="features", **inner)(joined)
    for _ in range(depth):
        dense = keras.layers.Dense(width, "silu", kernel_initializer="he_normal", **inner)
        hidden = dense(hidden)
    coefficients = keras.layers.Dense(num_tensors, dtype=dtype)(hidden)
    tensors = StrainRotationBasis(dtype=dtype)(scaled)[:, :num_tensors]
    tensors = keras.layers.Reshape((num_tensors, 9), dtype=dtype, name="basis")(tensors)
    weighted = keras.layers.Dot(axes=(1, 1), dtype=dtype)([coefficients, tensors])
    stress = keras.layers.Reshape((3, 3), dtype=dtype)(weighted)
    return keras.Model(inputs, stress, name="tensor_basis_network")


def split_preprocessing(network: keras.Model) -> tuple[keras.Model, keras.Model]:
    """Splits a `tensor_basis_network` into its preprocessing and its trainable part.

    Features and basis tensors of all data can then be computed once. A training step of the second
    part costs about as much as one of a plain network of the same features.

    Returns:
        `(preprocessing, trainable)`, models with `network(x) = trainable(preprocessing(x))`. The
        trainable part shares the weights of `network`.
    """
    middle = [network.get_layer(name).output for name in ("features", "basis")]
    preprocessing = keras.Model(network.input, middle, name="preprocessing")
    return preprocessing, keras.Model(middle, network.output, name="trainable")
