"""All public layers: a view of what the applications and the floors below them export."""

from keras_solvers.applications import packages
from keras_solvers.lazy import view

__all__, __getattr__, __dir__ = view(
    __name__, ("keras_solvers.networks", "keras_solvers.pinn", *packages())
)
