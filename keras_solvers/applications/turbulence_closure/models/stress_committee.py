"""Many networks of tensor bases in one, and the closure that they agree on."""

import math

import keras
import numpy as np
from keras import ops

from keras_solvers.applications.turbulence_closure.layers.cautious_mean import CautiousMean
from keras_solvers.applications.turbulence_closure.layers.excess_rotation import ExcessRotation
from keras_solvers.applications.turbulence_closure.layers.realizable import (
    RealizabilityPenalty,
    Realizable,
)
from keras_solvers.applications.turbulence_closure.layers.tensor_basis import (
    StrainRotationBasis,
    StrainRotationInvariants,
)
from keras_solvers.networks.bounded_norm import BoundedNorm
from keras_solvers.networks.variational_dense import VariationalDense


def stress_committee(num_members=8, width=32, depth=3, size=3.0, num_scalars=0, penalty=0.0):
    """Builds networks `b_j = sum_n g_jn(invariants, scalars) T_n` that share nothing but inputs.

    Each member is a network of tensor bases, as `tensor_basis_network` builds one. They are
    computed together, a matrix product for all at once, and trained together: a sample weight for
    each member, `(batch, num_members)`, decides what it learns from. Beside Pope's invariants they
    see `ExcessRotation`, which tells flows along walls from others.

    Args:
        num_members: Number of networks.
        width: Units of each hidden layer of a member.
        depth: Number of hidden layers.
        size: Of a gradient, times `k / epsilon`, from which on it counts as large.
        num_scalars: Further numbers, not negative, that do not depend on the axes, such as Reynolds
            numbers; a flow solver has to give the same as the training had. They enter as
            `log(1 + r) / 4`: powers of ten count, not differences.
        penalty: Weight in the loss of members that are not realizable; see `RealizabilityPenalty`.

    Shapes:
        x: `(batch, 2, 3, 3)`, strain and rotation rate times `k / epsilon`; with scalars
            `{"tensors": (batch, 2, 3, 3), "scalars": (batch, num_scalars)}`.
        y: `(batch, num_members, 3, 3)`, anisotropies; float32.
    """
    name = "stress_committee"
    return _tensor_basis(num_members, width, depth, size, num_scalars, penalty, _dense, name)


def variational_committee(
    kl_weight, num_members=8, width=32, depth=3, size=3.0, num_scalars=0, penalty=0.0, seed=None
):
    """Builds a network of tensor bases whose weights are uncertain: members are draws of it.

    As `stress_committee`, but with layers of `VariationalDense`: members share the distributions of
    weights, and what the data leave open about these makes them disagree. All of them learn from
    all data; what only another flow could tell they do not know as members do that saw different
    flows.

    Args:
        kl_weight: Of the divergence of all weights; see `VariationalDense`.
        num_members: Number of draws.
        width: Units of each hidden layer.
        depth: Number of hidden layers.
        size: As of `stress_committee`.
        num_scalars: As of `stress_committee`.
        penalty: As of `stress_committee`.
        seed: Of first values and draws.

    Shapes:
        x: As of `stress_committee`.
        y: `(batch, num_members, 3, 3)`, anisotropies; float32.
    """

    seeds = iter(np.random.SeedSequence(seed).generate_state(depth + 1).tolist())

    def dense(x, units, gain, activation=None, dtype=None):
        prior = gain / math.sqrt(x.shape[-1])
        return VariationalDense(units, activation, prior, kl_weight, next(seeds), dtype)(x)

    name = "variational_committee"
    return _tensor_basis(num_members, width, depth, size, num_scalars, penalty, dense, name)


def _tensor_basis(num_members, width, depth, size, num_scalars, penalty, dense, name):
    """Members `(batch, num_members, 3, 3)`, of layers `dense` of `(batch, num_members, units)`."""
    x = inputs = keras.Input((2, 3, 3), name="tensors")
    scaled = BoundedNorm(size, dtype="float32")(x)
    seen = [layer(dtype="float32")(scaled) for layer in (ExcessRotation, StrainRotationInvariants)]
    if num_scalars:
        scalars = keras.Input((num_scalars,), name="scalars")
        inputs = {"tensors": x, "scalars": scalars}
        seen.append(0.25 * ops.log(1.0 + scalars))  # no `log1p`: ONNX has none
    hidden = keras.layers.RepeatVector(num_members)(keras.layers.Concatenate()(seen))
    for _ in range(depth):
        hidden = dense(hidden, width, math.sqrt(2.0), "silu")
    coefficients = dense(hidden, 10, 0.1, dtype="float32")
    tensors = keras.layers.Reshape((10, 9))(StrainRotationBasis(dtype="float32")(scaled))
    answer = keras.layers.Dot(axes=(2, 1), dtype="float32")([coefficients, tensors])
    answer = keras.layers.Reshape((num_members, 3, 3), dtype="float32")(answer)
    if penalty:
        answer = RealizabilityPenalty(penalty, dtype="float32")(answer)
    return keras.Model(inputs, answer, name=name)


def cautious_closure(committee, caution=3.0):
    """Builds the closure of a committee: its `CautiousMean`, made `Realizable`.

    Args:
        committee: A `stress_committee`; its weights are shared.
        caution: See `CautiousMean`.

    Shapes:
        x: As of the committee.
        y: `(batch, 3, 3)`, anisotropy of the Reynolds stresses.
    """
    agreed = CautiousMean(caution, dtype="float32")(committee.output)
    closure = Realizable(dtype="float32")(agreed)
    return keras.Model(committee.input, closure, name="cautious_closure")


def _dense(x, units, gain, activation=None, dtype=None):
    """A dense layer of its own for each member: `(batch, members, in)` to `(..., units)`."""
    # Keras would count the members among the inputs of a unit.
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
