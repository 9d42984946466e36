"""Residuals of well-known equations: functions that return `residual` for a `PDE`."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "tools": {
        "elliptic": ("helmholtz", "laplace", "linear_elasticity", "poisson", "poisson_boltzmann"),
        "evolution": (
            "advection",
            "allen_cahn",
            "burgers",
            "heat",
            "korteweg_de_vries",
            "kuramoto_sivashinsky",
            "reaction_diffusion",
            "schrodinger",
            "wave",
        ),
        "flow": ("euler", "navier_stokes", "of_stream_function", "unsteady_navier_stokes"),
        "ordinary": ("blasius", "lorenz", "robertson"),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)
