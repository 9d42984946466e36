"""Pressure solvers that start from the pressure of the step before."""

import dataclasses
from collections.abc import Callable

from keras import ops

from keras_solvers.applications.incompressible_flow.pressure_projection import PressureProjection


def previous_pressure(x):
    """The third channel of `x`, as a `Projection` that `shows_previous` gives it.

    To be used as `initial_guess` of an iterative solver. From step to step the pressure changes
    little, so this is the cheapest good guess.
    """
    return x[..., 2:]


@dataclasses.dataclass(frozen=True)
class DefectCorrection:
    """A first answer, and a solver's answer for the divergence that the first one leaves.

    Args:
        problem: A `PressureProjection`.
        first: Solver of the first answer, such as `previous_pressure`.
        solver: Solver of the correction, such as a network, which sees two channels.
    """

    problem: PressureProjection
    first: Callable
    solver: Callable

    def __call__(self, x):
        x = ops.convert_to_tensor(x)
        y = self.first(x)
        left = ops.stack([self.problem.residual(x, y), x[..., 1]], axis=-1)
        return y + self.solver(left)
