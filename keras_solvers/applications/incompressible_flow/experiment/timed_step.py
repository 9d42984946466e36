"""A step of a plume whose pressure solves are timed."""

import time

from keras import ops

from keras_solvers.applications.incompressible_flow.simulate.projection import Projection
from keras_solvers.applications.incompressible_flow.simulate.rollout import compiled_step


class TimedStep:
    """A compiled step of a plume that notes how long each of its pressure solves takes.

    Args:
        plume: The `Plume`.
        solver: Its pressure solver, which sees the pressure before.
    """

    def __init__(self, plume, solver):
        self.solver = solver
        self.pressure_seconds = []
        projection = Projection(plume.domain, self._solve, shows_previous=True)
        self._step = compiled_step(plume.domain, plume.operators(), projection)

    def __call__(self, state):
        return self._step(state)

    def _solve(self, x):
        start = time.perf_counter()
        answer = ops.convert_to_numpy(self.solver(x))
        self.pressure_seconds.append(time.perf_counter() - start)
        return answer
