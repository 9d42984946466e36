"""Ensembles of tensor-basis networks, and the closure of an ensemble."""

import math

import keras
import numpy as np
from keras import ops

from keras_solvers.applications.turbulence_closure.layers.normalised_q_criterion import (
    NormalisedQCriterion,
)
from keras_solvers.applications.turbulence_closure.layers.realizable import (
    RealizabilityPenalty,
    Realizable,
)
from keras_solvers.applications.turbulence_closure.layers.shrinkage_mean import ShrinkageMean
from keras_solvers.applications.turbulence_closure.layers.tensor_basis import (
    StrainRotationBasis,
    StrainRotationInvariants,
)
from keras_solvers.networks.bounded_norm import BoundedNorm
from keras_solvers.networks.variational_dense import VariationalDense


def tensor_basis_ensemble(
    num_members: int = 8,
    width: int = 32,
    depth: int = 3,
    size: float = 3.0,
    num_scalars: int = 0,
    penalty: float = 0.0,
) -> keras.Model:
    """Builds an ensemble of networks `b_j = sum_n g_jn(features) T_n` with a shared input.

    Each member is a tensor-basis network, as of `tensor_basis_network`. The members share no
    weights. One batched matrix product evaluates all of them, and one `fit` trains all of them:
    sample weights `(batch, num_members)` select the data of each member. The features are Pope's
    invariants, the `NormalisedQCriterion`, which separates wall-bounded flows from others, and
    optional scalars.

    Args:
        num_members: Number of members.
        width: Units of each hidden layer of a member.
        depth: Number of hidden layers.
        size: Scale of `BoundedNorm`, for gradients times `k / epsilon`.
        num_scalars: Number of further features `r >= 0`, such as Reynolds numbers. They must be
            invariant under rotations, and a flow solver must provide the same ones as the training
            data. They enter as `log(1 + r) / 4`, because their order of magnitude matters.
        penalty: Weight of the `RealizabilityPenalty` of the members.

    Shapes:
        x: `(batch, 2, 3, 3)`, strain and rotation rate times `k / epsilon`; with scalars
            `{"tensors": (batch, 2, 3, 3), "scalars": (batch, num_scalars)}`.
        y: `(batch, num_members, 3, 3)`, anisotropies; float32.
    """
    name = "tensor_basis_ensemble"
    return _build(num_members, width, depth, size, num_scalars, penalty, _member_dense, name)


def bayesian_tensor_basis_network(
    kl_weight: float,
    num_members: int = 8,
    width: int = 32,
    depth: int = 3,
    size: float = 3.0,
    num_scalars: int = 0,
    penalty: float = 0.0,
    seed: int | None = None,
) -> keras.Model:
    """Builds a Bayesian tensor-basis network, whose members are posterior samples.

    It has the architecture of `tensor_basis_ensemble` with layers of `VariationalDense`. All
    members share the posterior distribution of the weights and are trained on all data.

    Args:
        kl_weight: Weight of the Kullback-Leibler divergence; see `VariationalDense`.
        num_members: Number of posterior samples.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        size: As of `tensor_basis_ensemble`.
        num_scalars: As of `tensor_basis_ensemble`.
        penalty: As of `tensor_basis_ensemble`.
        seed: Seed of the initial weights and of the samples.

    Shapes:
        x: As of `tensor_basis_ensemble`.
        y: `(batch, num_members, 3, 3)`, anisotropies; float32.
    """

    seeds = iter(np.random.SeedSequence(seed).generate_state(depth + 1).tolist())

    def dense(x, units, gain, activation=None, dtype=None):
        prior_std = gain / math.sqrt(x.shape[-1])
        return VariationalDense(units, activation, prior_std, kl_weight, next(seeds), dtype)(x)

    name = "bayesian_tensor_basis_network"
    return _build(num_members, width, depth, size, num_scalars, penalty, dense, name)


def _build(num_members, width, depth, size, num_scalars, penalty, dense, name):
    """A model `(batch, num_members, 3, 3)` of layers `dense` of `(batch, num_members, units)`."""
    x = inputs = keras.Input((2, 3, 3), name="tensors")
    scaled = BoundedNorm(size, dtype="float32")(x)
    layers = (NormalisedQCriterion, StrainRotationInvariants)
    features = [layer(dtype="float32")(scaled) for layer in layers]
    if num_scalars:
        scalars = keras.Input((num_scalars,), name="scalars")
        inputs = {"tensors": x, "scalars": scalars}
        features.append(0.25 * ops.log(1.0 + scalars))  # ONNX has no `log1p`
    hidden = keras.layers.RepeatVector(num_members)(keras.layers.Concatenate()(features))
    for _ in range(depth):
        hidden = dense(hidden, width, math.sqrt(2.0), "silu")
    coefficients = dense(hidden, 10, 0.1, dtype="float32")
    tensors = keras.layers.Reshape((10, 9))(StrainRotationBasis(dtype="float32")(scaled))
    b = keras.layers.Dot(axes=(2, 1), dtype="float32")([coefficients, tensors])
    b = keras.layers.Reshape((num_members, 3, 3), dtype="float32")(b)
    if penalty:
        b = RealizabilityPenalty(penalty, dtype="float32")(b)
    return keras.Model(inputs, b, name=name)


def shrinkage_closure(ensemble: keras.Model, shrinkage: float = 3.0) -> keras.Model:
    """Builds the closure of an ensemble: its `ShrinkageMean`, projected by `Realizable`.

    A large ensemble spread indicates an input outside the training data. The mean is shrunk towards
    zero there, which is isotropic turbulence.

    Args:
        ensemble: A `tensor_basis_ensemble`; the closure shares its weights.
        shrinkage: See `ShrinkageMean`.

    Shapes:
        x: As of the ensemble.
        y: `(batch, 3, 3)`, anisotropy of the Reynolds stresses.
    """
    mean = ShrinkageMean(shrinkage, dtype="float32")(ensemble.output)
    projected = Realizable(dtype="float32")(mean)
    return keras.Model(ensemble.input, projected, name="shrinkage_closure")


def _member_dense(x, units, gain, activation=None, dtype=None):
    """One independent dense layer per member, `(batch, members, in)` to `(..., units)`."""
    # The initializers of Keras would count the members as inputs of a unit.
    normal = keras.initializers.RandomNormal(stddev=gain / math.sqrt(x.shape[-1]))
    layer = keras.layers.EinsumDense(
        "bmi,mio->bmo",
        (x.shape[1], units),
        activation,
        "mo",
        kernel_initializer=normal,
        dtype=dtype,
    )
    return layer(x)
