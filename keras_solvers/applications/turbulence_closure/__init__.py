"""Turbulent stresses: closures by tensor bases and formulas, and mean flows that use them."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "layers": {
        "layers.cautious_mean": ("CautiousMean",),
        "layers.excess_rotation": ("ExcessRotation",),
        "layers.realizable": ("RealizabilityPenalty", "Realizable"),
        "layers.tensor_basis": (
            "StrainRotationBasis",
            "StrainRotationInvariants",
            "SymmetricPairBasis",
            "SymmetricPairInvariants",
        ),
        "layers.tensor_polynomials": ("InvariantTensorBasis", "TensorInvariants"),
        "layers.vector_basis": ("StrainRotationVectorBasis", "StrainRotationVectorInvariants"),
        "layers.vector_products": ("VectorProducts",),
    },
    "models": {
        "models.isotropic_network": ("isotropic_network",),
        "models.reynolds_stress": ("reynolds_stress",),
        "models.stress_committee": (
            "cautious_closure",
            "stress_committee",
            "variational_committee",
        ),
        "models.tensor_basis_network": ("tensor_basis_network",),
    },
    "problems": {
        "algebraic_stress": ("AlgebraicStress",),
    },
    "classic": {
        "classic.fitted_closures": ("BoostedTrees", "ConstantCoefficients"),
        "classic.quadratic_eddy_viscosity": ("QuadraticEddyViscosity",),
        "classic.stress_closures": ("ExplicitAlgebraicStress", "LinearEddyViscosity"),
    },
    "tools": {
        "data.channel_profiles": ("ChannelProfile", "channel_profile"),
        "data.plasticity": ("Plasticity", "load_plasticity"),
        "data.turbulent_flows": ("PAIRED_FLOWS", "TurbulentFlow", "paired_flow"),
        "models.tensor_basis_network": ("trainable_part",),
        "rans.channel": ("Channel",),
        "rans.developed": ("ChannelFlow", "DuctFlow"),
        "rans.duct": ("SquareDuct",),
        "rans.frozen": ("FrozenChannel", "frozen_channel", "scales_of"),
        "rans.k_omega": ("KOmega",),
        "rans.mixing_length": ("van_driest",),
        "realizability": ("barycentric_map", "is_realizable"),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)
