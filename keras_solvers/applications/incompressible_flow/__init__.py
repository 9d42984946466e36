"""Incompressible flow: the pressure around solids, and the simulation that asks for it."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "layers": {
        "networks.multigrid_cycle": ("MultigridCycle",),
        "networks.prolongation": ("Prolongation",),
        "networks.remaining_divergence": ("RemainingDivergence",),
        "networks.restriction": ("Restriction",),
        "networks.side_padding": ("SidePadding",),
    },
    "models": {
        "networks.fluid_net": ("fluid_net",),
        "networks.multigrid_network": ("multigrid_network",),
        "networks.pressure_unet": ("pressure_unet",),
    },
    "problems": {
        "pressure_projection": ("PressureProjection",),
    },
    "classic": {
        "classic.algebraic_multigrid": ("AlgebraicMultigrid",),
        "classic.conjugate_gradient": ("ConjugateGradient",),
        "classic.fast_poisson": ("FastPoisson",),
        "classic.incomplete_cholesky": ("IncompleteCholeskyCG",),
        "classic.multigrid": ("Multigrid",),
        "classic.relaxation": ("DampedJacobi", "RedBlackSOR"),
    },
    "tools": {
        "networks.transfer": ("for_problem", "on_cells"),
        "long_term": ("LongTermSolver",),
        "random_symmetry": ("RandomSymmetry",),
        "simulate.advection": ("MacCormack", "SemiLagrangian"),
        "simulate.domain": ("Domain",),
        "simulate.forces": ("Buoyancy", "Inflow", "VorticityConfinement"),
        "simulate.later_flows": ("LaterFlows",),
        "simulate.measures": ("mean_divergence",),
        "simulate.plume": ("Plume",),
        "simulate.projection": ("Projection", "Reflection"),
        "simulate.rollout": ("Step", "compiled_step", "rollout"),
        "simulate.solids": ("MovingSolid",),
        "simulate.viscosity": ("Viscosity",),
        "simulate.warm_start": ("DefectCorrection", "previous_pressure"),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)
