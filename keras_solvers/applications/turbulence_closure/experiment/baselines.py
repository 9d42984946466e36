"""Baselines: algebraic closures, and closures that are fitted without a network."""

from collections.abc import Callable, Sequence

import numpy as np
from keras import ops
from numpy.typing import ArrayLike

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
from keras_solvers.applications.turbulence_closure.data.turbulent_flows import TurbulentFlow
from keras_solvers.applications.turbulence_closure.experiment.training_points import (
    draw_points,
    with_sample_weights,
)

ALGEBRAIC_CLOSURES = {
    "zero anisotropy": lambda x: np.zeros_like(x[:, 0]),
    "linear": LinearEddyViscosity(),
    "quadratic": QuadraticEddyViscosity(),
    "explicit algebraic": ExplicitAlgebraicStress(AlgebraicStress()),
}


def rms_error(prediction: ArrayLike, target: ArrayLike) -> float:
    """Root mean square error over all components, as in the literature."""
    return float(np.sqrt(np.mean((prediction - target) ** 2)))


def algebraic_errors(flow: TurbulentFlow) -> dict[str, float]:
    """Root mean square errors of the anisotropy of the `ALGEBRAIC_CLOSURES`."""
    return {
        name: rms_error(ops.convert_to_numpy(closure(flow.tensors)), flow.anisotropy)
        for name, closure in ALGEBRAIC_CLOSURES.items()
    }


def fit_baselines(flows: Sequence[TurbulentFlow], seed: int) -> dict[str, Callable]:
    """Fits closures without a network to the training points of the networks.

    Returns:
        `{name: closure}`, functions of `TurbulentFlow.inputs`.
    """
    points = draw_points(flows, seed)
    tensors = points.x["tensors"].astype("float64")
    trees = BoostedTrees(seed=seed).fit(points.x, points.b, points.weights)

    def constants(weights):
        closure = ConstantCoefficients().fit(tensors, points.b, weights)
        return lambda x: closure(x["tensors"].astype("float64"))

    return {
        "constant coefficients": constants(points.weights),
        "constant coefficients, sample weights of the ensemble": constants(
            with_sample_weights(points, flows).weights
        ),
        "boosted trees": trees,
    }
