"""Neural solvers in Keras, always beside the strongest classic solver of the same problem."""

from keras_solvers.lazy import lazily

__version__ = "0.1.0"

EXPORTS = {
    "tools": {
        "comparison": (
            "Measurement",
            "Speedup",
            "break_even",
            "measure",
            "speedup_at_equal_accuracy",
            "work_precision",
        ),
        "pinn.model": ("PINN",),
        "problem": ("InverseProblem", "Problem", "RootProblem"),
        "saving": ("load_model",),
        "solver": ("NeuralSolver", "compiled"),
    },
}
__all__, __getattr__, __dir__ = lazily(
    __name__,
    EXPORTS,
    (
        "applications",
        "classic",
        "data",
        "export",
        "layers",
        "models",
        "networks",
        "numerics",
        "pinn",
        "problems",
        "training",
    ),
)
