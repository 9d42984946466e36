"""All public problems."""

from keras_solvers.applications import packages
from keras_solvers.lazy import view

__all__, __getattr__, __dir__ = view(
    __name__, ("keras_solvers.networks", "keras_solvers.pinn", *packages())
)
