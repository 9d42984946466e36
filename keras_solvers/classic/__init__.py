"""Classic solvers: small frozen objects, called as `y = solver(x)`."""

from keras_solvers.classic.coordinate_descent import CoordinateDescent
from keras_solvers.classic.fista import FISTA
from keras_solvers.classic.ista import ISTA

__all__ = ["FISTA", "ISTA", "CoordinateDescent"]
