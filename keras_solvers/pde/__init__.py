"""Differential equations that coordinate networks solve, written as on paper."""

from keras_solvers.pde.conditions import (
    Condition,
    data,
    dirichlet,
    initial_slope,
    interface,
    neumann,
    periodic,
    robin,
    slope,
)
from keras_solvers.pde.field import Field
from keras_solvers.pde.pde import PDE
from keras_solvers.pde.place import Place

__all__ = [
    "PDE",
    "Condition",
    "Field",
    "Place",
    "data",
    "dirichlet",
    "initial_slope",
    "interface",
    "neumann",
    "periodic",
    "robin",
    "slope",
]
