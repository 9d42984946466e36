"""Flows that a network has simulated for a while, to train it on what it leads to."""

import keras
from keras import ops

from keras_solvers.applications.incompressible_flow.random_flows import random_velocity
from keras_solvers.applications.incompressible_flow.simulate.advection import SemiLagrangian
from keras_solvers.applications.incompressible_flow.simulate.domain import Domain
from keras_solvers.applications.incompressible_flow.simulate.projection import Projection
from keras_solvers.applications.incompressible_flow.simulate.rollout import Step


@keras.saving.register_keras_serializable(package="keras_solvers.incompressible_flow")
class LaterFlows:
    """`advance` of a `LongTermSolver`: a flow around the solids of `x` that the network simulated.

    `x` holds no velocity, so a random one is drawn; it carries itself along for some steps, each
    with the network as its pressure solver, and is returned before the next projection.

    Args:
        problem: The `PressureProjection`.
        num_steps: Number of steps, at least 1.
        speed: Root-mean-square velocity of each component at the start, in cells a step.
        seed: Integer, or `None` for a random one.

    Reference: Tompson et al., Accelerating Eulerian fluid simulation with convolutional networks,
    2017, section 3.1.
    """

    def __init__(self, problem, num_steps=4, speed=0.5, seed=None):
        if num_steps < 1:
            raise ValueError(f"`num_steps` must be at least 1. Received: num_steps={num_steps}")
        self.problem = problem
        self.num_steps = num_steps
        self.speed = speed
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def __call__(self, x, solver):
        domain = Domain(self.problem, time_step=1.0)
        advect = SemiLagrangian(domain)
        step = Step(domain, (advect, Projection(domain, solver)))
        state = self._start(x[..., 1])
        for _ in range(self.num_steps):
            state = step(state)
        velocity = advect(state)["velocity"]
        return self.problem.inputs(velocity, state["fluid"], normalized=True)

    def _start(self, fluid):
        drawn = random_velocity(ops.shape(fluid)[0], self.problem.cells, self.seed_generator)
        velocity = tuple(self.speed * u / ops.sqrt(ops.mean(ops.square(u))) for u in drawn)
        return {
            "velocity": velocity,
            "smoke": ops.zeros_like(fluid),
            "fluid": fluid,
            "solid_velocity": tuple(ops.zeros_like(u) for u in velocity),
            "pressure": ops.zeros_like(fluid),
            "time": ops.zeros_like(ops.mean(fluid, axis=tuple(range(1, len(fluid.shape))))),
        }

    def get_config(self):
        problem = keras.saving.serialize_keras_object(self.problem)
        config = {"num_steps": self.num_steps, "speed": self.speed, "seed": self.seed}
        return {"problem": problem, **config}

    @classmethod
    def from_config(cls, config):
        problem = keras.saving.deserialize_keras_object(config.pop("problem"))
        return cls(problem, **config)
