"""The network of tensor bases: a closure that turns with the axes by construction."""

import keras
from keras import ops

from keras_solvers.applications.turbulence_closure.layers.tensor_basis import (
    StrainRotationBasis,
    StrainRotationInvariants,
)
from keras_solvers.networks.bounded_norm import BoundedNorm


def tensor_basis_network(
    width=30,
    depth=5,
    size=3.0,
    scalar_sizes=(),
    invariants=True,
    num_tensors=10,
    dtype="float32",
):
    """Builds `b = sum_n g_n(invariants, scalars) T_n`: it sees invariants, and weighs tensors.

    Whatever its weights, `b(Q S Q^T, Q R Q^T) = Q b(S, R) Q^T` for all rotations and reflections
    `Q`; and since only gradients of the velocity enter, it is the same in all frames that move
    steadily.

    The gradient is brought into the unit ball first: products of up to six matrices would otherwise
    span a dozen decades, and clipping components, as it is often done, would break the invariance.

    Args:
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        size: Of a gradient, times `k / epsilon`, from which on it counts as large.
        scalar_sizes: One for each further number that the coefficients may depend on, such as a
            Reynolds number: those that no turn of the axes changes and that are positive. They
            enter as `r / (r + size)`, bounded, as the gradient does.
        invariants: Whether coefficients depend on the invariants too. If not, the stress is a fixed
            function of the gradient at each place, and a flow solver that leaves the gradients
            of the training data meets no surprise.
        num_tensors: How many of Pope's tensors are weighed. In plane mean flows three are enough:
            the others are sums of them there, so that plane data do not determine their weights.
        dtype: Of the tensors and coefficients: "float64" if the closure is to be solved with.

    Shapes:
        x: `(batch, 2, 3, 3)`, strain and rotation rate times `k / epsilon`; with scalars
            `{"tensors": (batch, 2, 3, 3), "scalars": (batch, len(scalar_sizes))}`.
        y: `(batch, 3, 3)`, anisotropy of the Reynolds stresses.

    Reference: Ling, Kurzawski and Templeton, Reynolds averaged turbulence modelling using deep
    neural networks with embedded invariance, 2016, J. Fluid Mech. 807, section 3.
    """
    if not (invariants or scalar_sizes):
        raise ValueError("The coefficients depend on nothing. Received: scalar_sizes=()")
    # Hidden layers follow the global policy, unless more than its precision is asked for.
    inner = {"dtype": dtype} if dtype == "float64" else {}
    x = inputs = keras.Input((2, 3, 3), name="tensors", dtype=inner.get("dtype"))
    scaled = BoundedNorm(size, dtype=dtype)(x)
    seen = [StrainRotationInvariants(dtype=dtype)(scaled)] if invariants else []
    if scalar_sizes:
        scalars = keras.Input((len(scalar_sizes),), name="scalars", dtype=inner.get("dtype"))
        inputs = {"tensors": x, "scalars": scalars}
        seen.append(scalars / (scalars + ops.cast(scalar_sizes, scalars.dtype)))
    joined = keras.layers.Concatenate(**inner)(seen) if len(seen) > 1 else seen[0]
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


def trainable_part(network):
    """Splits a `tensor_basis_network` into what has no weights and what has.

    Returns:
        `(prepare, weigh)`, models with `network(x) = weigh(prepare(x))`: features and basis tensors
        of all data are computed once, and a step of training `weigh` costs that of the plain
        network of the features. The weights are those of `network`.
    """
    middle = [network.get_layer(name).output for name in ("features", "basis")]
    prepare = keras.Model(network.input, middle, name="prepare")
    return prepare, keras.Model(middle, network.output, name="weigh")
