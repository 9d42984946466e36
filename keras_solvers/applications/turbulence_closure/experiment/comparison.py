"""Closures asked about a flow that none of them was fitted to."""

import dataclasses

import keras
import numpy as np
from keras import ops

from keras_solvers.applications.turbulence_closure.algebraic_stress import AlgebraicStress
from keras_solvers.applications.turbulence_closure.classic.fitted_closures import (
    BoostedTrees,
    ConstantCoefficients,
)
from keras_solvers.applications.turbulence_closure.classic.quadratic_eddy_viscosity import (
    QuadraticEddyViscosity,
)
from keras_solvers.applications.turbulence_closure.classic.stress_closures import (
    ExplicitAlgebraicStress,
    LinearEddyViscosity,
)
from keras_solvers.applications.turbulence_closure.experiment.flows import others
from keras_solvers.applications.turbulence_closure.experiment.samples import samples, weighed
from keras_solvers.applications.turbulence_closure.experiment.training import (
    EPOCHS,
    fit,
    train_committee,
)
from keras_solvers.applications.turbulence_closure.layers.cautious_mean import CautiousMean, spread
from keras_solvers.applications.turbulence_closure.models.stress_committee import cautious_closure
from keras_solvers.networks.mlp import mlp

CAUTION = 3.0  # of the closures of committees
FORMULAS = {
    "no stresses but k": lambda x: np.zeros_like(x[:, 0]),
    "linear": LinearEddyViscosity(),
    "quadratic": QuadraticEddyViscosity(),
    "explicit algebraic": ExplicitAlgebraicStress(AlgebraicStress()),
}


@dataclasses.dataclass(frozen=True)
class Learned:
    """A committee and its closure.

    Attributes:
        committee: The `stress_committee`.
        closure: The `cautious_closure`.
    """

    committee: keras.Model
    closure: keras.Model

    def __call__(self, x):
        return self.closure.predict(x, batch_size=4096, verbose=0).astype("float64")

    def doubt(self, x):
        """`(n,)`, how far members are apart."""
        answers = self.committee.predict(x, batch_size=4096, verbose=0)
        return ops.convert_to_numpy(spread(answers)).astype("float64")

    @classmethod
    def of(cls, committee):
        return cls(committee, cautious_closure(committee, CAUTION))

    def before(self, x):
        """`(n, 3, 3)` twice: the mean of the members, and the cautious one before `Realizable`."""
        answers = self.committee.predict(x, batch_size=4096, verbose=0)
        agreed = ops.convert_to_numpy(CautiousMean(CAUTION)(answers))
        return answers.mean(axis=1, dtype="float64"), agreed.astype("float64")


def learned(flows, seed, epochs=EPOCHS, callbacks=()):
    """Trains a `Learned` on flows; arguments as of `train_committee`."""
    return Learned.of(train_committee(flows, seed, epochs=epochs, callbacks=callbacks))


def fitted(flows, seed):
    """Closures without a network on the same points: `{name: function of inputs}`."""
    drawn = samples(flows, seed)
    tensors = drawn.x["tensors"].astype("float64")
    trees = BoostedTrees(seed=seed).fit(drawn.x, drawn.b, drawn.weights)

    def constants(weights):
        fit = ConstantCoefficients().fit(tensors, drawn.b, weights)
        return lambda x: fit(x["tensors"].astype("float64"))

    return {
        "constant coefficients": constants(drawn.weights),
        "constant coefficients, committee's weights": constants(weighed(drawn, flows).weights),
        "boosted trees": trees,
    }


def plain_networks(flows, seed, epochs=EPOCHS, num_turned=10):
    """Networks of the 18 components, as they are and trained with turned copies.

    `{name: function of inputs}`: what invariance by construction is compared with (Ling, Kurzawski
    and Templeton, 2016, section 5). Each is one network, sees no scalars, and all flows and points
    count the same, which suits the root mean square over points that it is judged by.
    """
    return {
        "plain network": _plain(flows, seed, epochs, 0),
        "plain network, turned copies": _plain(flows, seed, epochs, num_turned),
    }


def _plain(flows, seed, epochs, num_turned):
    keras.utils.set_random_seed(seed)
    drawn = samples(flows, seed)
    if num_turned:
        axes = turns(len(drawn.b) * num_turned, seed)
        tensors = np.tile(drawn.x["tensors"], (num_turned, 1, 1, 1))
        turned = turn(tensors, axes[:, None]).astype("float32")
        answers = turn(np.tile(drawn.b, (num_turned, 1, 1)), axes).astype("float32")
        weights = np.tile(drawn.weights, num_turned)
        drawn = dataclasses.replace(drawn, x={"tensors": turned}, b=answers, weights=weights)
    inputs = keras.Input((2, 3, 3))
    network = mlp((18,), 9, width=64, depth=3)
    scaled = keras.layers.Rescaling(0.3)(keras.layers.Reshape((18,))(inputs))
    model = keras.Model(inputs, keras.layers.Reshape((3, 3))(network(scaled)))
    fit(model, drawn, drawn.b, drawn.weights, max(epochs // max(num_turned, 1), 1))
    return lambda x: model.predict(x["tensors"], batch_size=4096, verbose=0).astype("float64")


def turns(num, seed):
    """`(num, 3, 3)`, rotations and reflections, all equally likely."""
    normal = np.random.default_rng(seed).normal(size=(num, 3, 3))
    q, r = np.linalg.qr(normal)
    return q * np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None, :]


def turn(a, q):
    """Tensors in turned axes, `Q a Q^T`."""
    return q @ a @ np.swapaxes(q, -1, -2)


def rms(found, expected):
    """Root mean square over all components, as the published figures count."""
    return float(np.sqrt(np.mean((found - expected) ** 2)))


def formula_errors(flow):
    """`{name: root mean square of the anisotropy}` of closures that nothing was fitted to."""
    return {
        name: rms(ops.convert_to_numpy(formula(flow.tensors)), flow.anisotropy)
        for name, formula in FORMULAS.items()
    }


def left_out(name, seed, epochs=EPOCHS, callbacks=()):
    """`Learned` of all flows but one."""
    return learned(others(name), seed, epochs, callbacks)
