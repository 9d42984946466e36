"""Simulation of incompressible flow: operators on a state, put together to a step, rolled out."""

from keras_solvers.simulate.advection import MacCormack, SemiLagrangian
from keras_solvers.simulate.domain import Domain
from keras_solvers.simulate.forces import Buoyancy, Inflow, VorticityConfinement
from keras_solvers.simulate.later_flows import LaterFlows
from keras_solvers.simulate.plume import Plume
from keras_solvers.simulate.projection import Projection, Reflection
from keras_solvers.simulate.rollout import Step, compiled_step, rollout
from keras_solvers.simulate.solids import MovingSolid
from keras_solvers.simulate.viscosity import Viscosity
from keras_solvers.simulate.warm_start import DefectCorrection, previous_pressure

__all__ = [
    "Buoyancy",
    "DefectCorrection",
    "Domain",
    "Inflow",
    "LaterFlows",
    "MacCormack",
    "MovingSolid",
    "Plume",
    "Projection",
    "Reflection",
    "SemiLagrangian",
    "Step",
    "Viscosity",
    "VorticityConfinement",
    "compiled_step",
    "previous_pressure",
    "rollout",
]
