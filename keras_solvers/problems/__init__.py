"""Concrete problems, one a file."""

from keras_solvers.problems.algebraic_stress import AlgebraicStress
from keras_solvers.problems.pressure_projection import PressureProjection
from keras_solvers.problems.sparse_coding import SparseCoding

__all__ = ["AlgebraicStress", "PressureProjection", "SparseCoding"]
