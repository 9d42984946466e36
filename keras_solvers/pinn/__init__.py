"""Coordinate networks: differential equations written as on paper, and networks that solve them."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "layers": {
        "networks.adaptive_activation": ("AdaptiveActivation",),
        "networks.adaptive_skip": ("AdaptiveSkip",),
        "networks.fourier_features": ("FourierFeatures",),
        "networks.periodic_embedding": ("PeriodicEmbedding",),
    },
    "models": {
        "networks.coupling_flow": ("CouplingFlow",),
        "networks.gated_mlp": ("gated_mlp", "pirate_net"),
    },
    "tools": {
        "diagnose": ("diagnose",),
        "fields.conditions": (
            "Condition",
            "data",
            "dirichlet",
            "initial_time_derivative",
            "interface",
            "neumann",
            "periodic",
            "robin",
            "slope",
        ),
        "fields.field": ("Field",),
        "fields.pde": ("PDE",),
        "fields.coordinates": ("Coordinates",),
        "hmc": ("hmc",),
        "laplace": ("laplace",),
        "time_windows": ("solve_in_time_windows",),
        "model": ("PINN",),
        "optimizers.loss_weighting": ("GradientNorms", "SelfAdaptive", "TangentKernel"),
        "optimizers.levenberg_marquardt": ("GaussNewtonCG", "LevenbergMarquardt"),
        "optimizers.point_weights": ("SelfAdaptivePoints",),
        "optimizers.quasi_newton": ("LBFGS", "QuasiNewton", "SelfScaledBroyden"),
        "optimizers.second_order": ("SecondOrder",),
        "sampling.adversarial": ("Adversarial",),
        "sampling.samplers": ("Causal", "ResidualAdaptive"),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS, ("equations",))
