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
        "fields.condition": ("Condition",),
        "fields.conditions": (
            "data",
            "dirichlet",
            "initial_time_derivative",
            "interface",
            "neumann",
            "normal_derivative",
            "periodic",
            "robin",
        ),
        "fields.coordinates": ("Coordinates",),
        "fields.field": ("Field",),
        "fields.pde": ("PDE",),
        "hmc": ("hmc",),
        "laplace": ("laplace",),
        "model": ("PINN",),
        "sampling.adversarial": ("Adversarial",),
        "sampling.samplers": ("Causal", "ResidualAdaptive"),
        "time_windows": ("solve_in_time_windows",),
        "training.loss_weighting": (
            "GradientNorms",
            "LossWeighting",
            "SelfAdaptive",
            "TangentKernel",
        ),
        "training.point_weights": ("SelfAdaptivePoints",),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS, ("equations",))
