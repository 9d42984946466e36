"""Reynolds-stress closures: tensor-basis networks, algebraic models, and RANS solvers."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "layers": {
        "layers.normalised_q_criterion": ("NormalisedQCriterion",),
        "layers.realizable": ("RealizabilityPenalty", "Realizable"),
        "layers.shrinkage_mean": ("ShrinkageMean",),
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
        "models.tensor_basis_ensemble": (
            "bayesian_tensor_basis_network",
            "shrinkage_closure",
            "tensor_basis_ensemble",
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
        "data.turbulent_flows": ("RANS_LES_FLOWS", "TurbulentFlow", "rans_les_flow"),
        "models.tensor_basis_network": ("split_preprocessing",),
        "rans.channel": ("Channel",),
        "rans.developed": ("ChannelFlow", "DuctFlow"),
        "rans.duct": ("SquareDuct",),
        "rans.frozen": ("FrozenChannel", "frozen_channel", "turbulence_scales"),
        "rans.k_omega": ("KOmega",),
        "rans.mixing_length": ("van_driest",),
        "realizability": ("barycentric_map", "is_realizable"),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)
