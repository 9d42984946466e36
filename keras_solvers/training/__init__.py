"""Training of neural solvers: run folders that survive a kill, second-order optimizers."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "tools": {
        "checkpoint": ("Checkpoint", "CorruptCheckpointError"),
        "divergence": ("DivergedError", "StopWhenDiverged"),
        "progress": ("ProgressBar",),
        "run_folder": ("RunExistsError", "RunFolder"),
        "second_order.lbfgs": ("LBFGS",),
        "second_order.least_squares": ("LeastSquares",),
        "second_order.levenberg_marquardt": ("GaussNewtonCG", "LevenbergMarquardt"),
        "second_order.optimizer": ("SecondOrder",),
        "second_order.quasi_newton": ("QuasiNewton",),
        "second_order.residuals": ("Residuals",),
        "second_order.self_scaled_broyden": ("SelfScaledBroyden",),
        "train": ("train",),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)
