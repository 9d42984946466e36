"""Flows whose anisotropies are known, in the place of simulated ones."""

import numpy as np
from keras import ops

from keras_solvers.applications.turbulence_closure import TurbulentFlow
from keras_solvers.classic import ConstantCoefficients
from keras_solvers.problems import AlgebraicStress

TRUTH = np.array([-0.3, -0.4, 0.2, 0.1])


def made_up(seed, num=400, largest=3.0, distance=100.0):
    """A flow whose anisotropy is a sum of Pope's tensors with known constants."""
    x = ops.convert_to_numpy(AlgebraicStress(largest=largest).sample(num, seed))
    closure = ConstantCoefficients()
    closure.coefficients = TRUTH
    ones = np.ones(num)
    b = closure(x.astype("float64"))
    return TurbulentFlow(f"made up {seed}", x, b, distance * ones, ones, ones)
