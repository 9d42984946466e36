import dataclasses
from collections.abc import Callable

import numpy as np
from contract import Layer, Model, Problem, Solver
from keras import ops

from keras_solvers import classic, layers, models
from keras_solvers.problems import AlgebraicStress

_PAIR = (2, 3, 3)  # strain and rotation rate


def _gradients(num, seed):
    """Strain and rotation rates, `(num, 2, 3, 3)`, of gradients without divergence."""
    gradient = np.random.default_rng(seed).normal(size=(num, 3, 3))
    gradient -= np.trace(gradient, axis1=1, axis2=2)[:, None, None] / 3.0 * np.eye(3)
    turned = gradient.swapaxes(1, 2)
    return np.stack([0.5 * (gradient + turned), 0.5 * (gradient - turned)], axis=1)


@dataclasses.dataclass(frozen=True)
class Closure:
    """A closure: answers are symmetric, have no trace, and turn with the axes."""

    make: Callable

    def check(self, folder):
        closure, tensors = self.make(), _gradients(6, seed=0)
        b = np.asarray(ops.convert_to_numpy(closure(tensors)))
        assert b.shape == (6, 3, 3)
        np.testing.assert_allclose(b, b.swapaxes(1, 2), atol=1e-6)
        np.testing.assert_allclose(np.trace(b, axis1=1, axis2=2), 0.0, atol=1e-6)
        q, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))
        turned = np.asarray(ops.convert_to_numpy(closure(q @ tensors @ q.T)))
        np.testing.assert_allclose(turned, q @ b @ q.T, atol=1e-5)


def _fitted(closure, inputs):
    """A closure that is fitted to the linear one, as a function of tensors."""
    tensors = _gradients(200, seed=2)
    closure.fit(inputs(tensors), -0.09 * tensors[:, 0], np.ones(200))
    return lambda tensors: closure(inputs(tensors))


def _as_dict(tensors):
    return {"tensors": tensors}


LAYERS = {
    "InvariantTensorBasis": Layer(
        layers.InvariantTensorBasis, {"words": ["", "AB-BA"], "trace_free": True}, _PAIR
    ),
    "NormalisedQCriterion": Layer(layers.NormalisedQCriterion, {"width": 0.1}, _PAIR),
    "RealizabilityPenalty": Layer(layers.RealizabilityPenalty, {"weight": 2.0}, (3, 3)),
    "Realizable": Layer(layers.Realizable, {}, (3, 3)),
    "ShrinkageMean": Layer(layers.ShrinkageMean, {"shrinkage": 3.0}, (4, 3, 3)),
    "StrainRotationBasis": Layer(layers.StrainRotationBasis, {}, _PAIR),
    "StrainRotationInvariants": Layer(layers.StrainRotationInvariants, {}, _PAIR),
    "StrainRotationVectorBasis": Layer(
        layers.StrainRotationVectorBasis, {"num_vectors": 2}, (6, 3, 3)
    ),
    "StrainRotationVectorInvariants": Layer(
        layers.StrainRotationVectorInvariants, {"num_vectors": 2}, (6, 3, 3)
    ),
    "SymmetricPairBasis": Layer(layers.SymmetricPairBasis, {}, _PAIR),
    "SymmetricPairInvariants": Layer(layers.SymmetricPairInvariants, {}, _PAIR),
    "TensorInvariants": Layer(layers.TensorInvariants, {"words": ["A", "ABC-CAB"]}, (3, 3, 3)),
    "VectorProducts": Layer(layers.VectorProducts, {}, (2, 3)),
}
MODELS = {
    "bayesian_tensor_basis_network": Model(
        lambda: models.bayesian_tensor_basis_network(1e-3, 3, 8, 2), _PAIR
    ),
    "isotropic_network": Model(
        lambda: models.isotropic_network(
            layers.SymmetricPairInvariants(), layers.SymmetricPairBasis()
        ),
        _PAIR,
    ),
    "reynolds_stress": Model(
        lambda: models.reynolds_stress(models.tensor_basis_network()),
        {"gradient": (3, 3), "k": (1,), "epsilon": (1,)},
    ),
    "shrinkage_closure": Model(
        lambda: models.shrinkage_closure(models.tensor_basis_ensemble(3, 8, 2)), _PAIR
    ),
    "tensor_basis_ensemble": Model(lambda: models.tensor_basis_ensemble(3, 8, 2), _PAIR),
    "tensor_basis_network": Model(models.tensor_basis_network, _PAIR),
}
PROBLEMS = {"AlgebraicStress": Problem(AlgebraicStress())}
CLASSIC = {
    "BoostedTrees": Closure(lambda: _fitted(classic.BoostedTrees(max_iter=5), _as_dict)),
    "ConstantCoefficients": Closure(
        lambda: _fitted(classic.ConstantCoefficients(), lambda tensors: tensors)
    ),
    "ExplicitAlgebraicStress": Solver(
        lambda problem: classic.ExplicitAlgebraicStress(problem, 10),
        AlgebraicStress(),
        (3, 3),
        iterative=False,
    ),
    "LinearEddyViscosity": Closure(classic.LinearEddyViscosity),
    "QuadraticEddyViscosity": Closure(classic.QuadraticEddyViscosity),
}
