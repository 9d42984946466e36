"""Training of neural solvers in run folders that survive a kill."""

from keras_solvers.training.checkpoint import Checkpoint, CorruptCheckpointError
from keras_solvers.training.divergence import DivergedError, StopWhenDiverged
from keras_solvers.training.optimizers import adam_for_sparse_activity
from keras_solvers.training.progress import ProgressBar
from keras_solvers.training.run_folder import RunExistsError, RunFolder
from keras_solvers.training.train import train

__all__ = [
    "Checkpoint",
    "CorruptCheckpointError",
    "DivergedError",
    "ProgressBar",
    "RunExistsError",
    "RunFolder",
    "StopWhenDiverged",
    "adam_for_sparse_activity",
    "train",
]
