"""Residuals of well-known equations: functions that return `residual` for a `PDE`."""

from keras_solvers.pde.equations.elliptic import (
    helmholtz,
    laplace,
    linear_elasticity,
    poisson,
    poisson_boltzmann,
)
from keras_solvers.pde.equations.evolution import (
    advection,
    allen_cahn,
    burgers,
    heat,
    korteweg_de_vries,
    kuramoto_sivashinsky,
    reaction_diffusion,
    schrodinger,
    wave,
)
from keras_solvers.pde.equations.flow import (
    euler,
    navier_stokes,
    of_stream_function,
    unsteady_navier_stokes,
)
from keras_solvers.pde.equations.ordinary import blasius, lorenz, robertson

__all__ = [
    "advection",
    "allen_cahn",
    "blasius",
    "burgers",
    "euler",
    "heat",
    "helmholtz",
    "korteweg_de_vries",
    "kuramoto_sivashinsky",
    "laplace",
    "linear_elasticity",
    "lorenz",
    "navier_stokes",
    "of_stream_function",
    "poisson",
    "poisson_boltzmann",
    "reaction_diffusion",
    "robertson",
    "schrodinger",
    "unsteady_navier_stokes",
    "wave",
]
