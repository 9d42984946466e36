"""Training of neural solvers in run folders that survive a kill."""

from keras_solvers.training.adversarial import Adversarial
from keras_solvers.training.balancing import GradientNorms, SelfAdaptive, TangentKernel
from keras_solvers.training.checkpoint import Checkpoint, CorruptCheckpointError
from keras_solvers.training.divergence import DivergedError, StopWhenDiverged
from keras_solvers.training.levenberg_marquardt import GaussNewtonCG, LevenbergMarquardt
from keras_solvers.training.optimizers import adam_for_sparse_activity
from keras_solvers.training.point_weights import SelfAdaptivePoints
from keras_solvers.training.progress import ProgressBar
from keras_solvers.training.quasi_newton import LBFGS, QuasiNewton, SelfScaledBroyden
from keras_solvers.training.run_folder import RunExistsError, RunFolder
from keras_solvers.training.samplers import Causal, ResidualAdaptive
from keras_solvers.training.second_order import SecondOrder
from keras_solvers.training.steady_flow import fit_steady_flow
from keras_solvers.training.train import train

__all__ = [
    "LBFGS",
    "Adversarial",
    "Causal",
    "Checkpoint",
    "CorruptCheckpointError",
    "DivergedError",
    "GaussNewtonCG",
    "GradientNorms",
    "LevenbergMarquardt",
    "ProgressBar",
    "QuasiNewton",
    "ResidualAdaptive",
    "RunExistsError",
    "RunFolder",
    "SecondOrder",
    "SelfAdaptive",
    "SelfAdaptivePoints",
    "SelfScaledBroyden",
    "StopWhenDiverged",
    "TangentKernel",
    "adam_for_sparse_activity",
    "fit_steady_flow",
    "train",
]
