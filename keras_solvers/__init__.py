"""Neural solvers in Keras, always beside the strongest classic solver of the same problem."""

# Importing the layers and problems registers them, so that saved models load.
from keras_solvers import classic, layers, models, problems
from keras_solvers.compare import (
    Measurement,
    Speedup,
    break_even,
    measure,
    speedup_at_equal_accuracy,
    work_precision,
)
from keras_solvers.long_term import LongTermSolver
from keras_solvers.pinn import PINN
from keras_solvers.problem import InverseProblem, Problem, RootProblem
from keras_solvers.random_symmetry import RandomSymmetry
from keras_solvers.solver import NeuralSolver, compiled

__version__ = "0.1.0"

__all__ = [
    "PINN",
    "InverseProblem",
    "LongTermSolver",
    "Measurement",
    "NeuralSolver",
    "Problem",
    "RandomSymmetry",
    "RootProblem",
    "Speedup",
    "break_even",
    "classic",
    "compiled",
    "layers",
    "measure",
    "models",
    "problems",
    "speedup_at_equal_accuracy",
    "work_precision",
]
