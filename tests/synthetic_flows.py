"""Synthetic flows with known anisotropies, in place of simulated ones."""

import numpy as np
from keras import ops

from keras_solvers.applications.turbulence_closure import TurbulentFlow
from keras_solvers.classic import ConstantCoefficients
from keras_solvers.problems import AlgebraicStress

COEFFICIENTS = np.array([-0.3, -0.4, 0.2, 0.1])


def synthetic_flow(seed, num=400, max_gradient=3.0, wall_reynolds=100.0):
    """A flow whose anisotropy is a linear combination of Pope's tensors, the same for all seeds."""
    x = ops.convert_to_numpy(AlgebraicStress(max_gradient=max_gradient).sample(num, seed))
    closure = ConstantCoefficients()
    closure.coefficients = COEFFICIENTS
    ones = np.ones(num)
    b = closure(x.astype("float64"))
    return TurbulentFlow(f"synthetic {seed}", x, b, wall_reynolds * ones, ones)
