"""Classic solvers: small frozen objects, called as `y = solver(x)`."""

from keras_solvers.classic.algebraic_multigrid import AlgebraicMultigrid
from keras_solvers.classic.conjugate_gradient import ConjugateGradient
from keras_solvers.classic.coordinate_descent import CoordinateDescent
from keras_solvers.classic.fast_poisson import FastPoisson
from keras_solvers.classic.fista import FISTA
from keras_solvers.classic.fitted_closures import BoostedTrees, ConstantCoefficients
from keras_solvers.classic.incomplete_cholesky import IncompleteCholeskyCG
from keras_solvers.classic.ista import ISTA
from keras_solvers.classic.multigrid import Multigrid
from keras_solvers.classic.quadratic_eddy_viscosity import QuadraticEddyViscosity
from keras_solvers.classic.relaxation import DampedJacobi, RedBlackSOR
from keras_solvers.classic.stress_closures import ExplicitAlgebraicStress, LinearEddyViscosity

__all__ = [
    "FISTA",
    "ISTA",
    "AlgebraicMultigrid",
    "BoostedTrees",
    "ConjugateGradient",
    "ConstantCoefficients",
    "CoordinateDescent",
    "DampedJacobi",
    "ExplicitAlgebraicStress",
    "FastPoisson",
    "IncompleteCholeskyCG",
    "LinearEddyViscosity",
    "Multigrid",
    "QuadraticEddyViscosity",
    "RedBlackSOR",
]
