"""A plume of smoke that rises around a solid, the standard test of pressure solvers."""

import dataclasses

import numpy as np

from keras_solvers.applications.incompressible_flow.pressure_projection import PressureProjection
from keras_solvers.applications.incompressible_flow.simulate.advection import MacCormack
from keras_solvers.applications.incompressible_flow.simulate.domain import Domain
from keras_solvers.applications.incompressible_flow.simulate.forces import (
    Buoyancy,
    Inflow,
    VorticityConfinement,
)


@dataclasses.dataclass(frozen=True)
class Plume:
    """Smoke enters at the bottom of a box of unit width and rises around a ball; the top is open.

    The last axis points upwards. A step takes as long as a cell is wide, so the same time needs
    more steps on a finer grid, and the fastest fluid crosses one to two cells in a step.

    Args:
        cells: Cells along each axis, two or three; the width is that of the first axis.
        obstacle_radius: Radius of the ball in widths; 0 for none.
        jet: Speed of the smoke where it enters.
        buoyancy: Acceleration of dense smoke.
        confinement: Strength of the vorticity confinement.

    Attributes:
        problem: The `PressureProjection` of each step.
        domain: The `Domain`.
    """

    cells: tuple = (128, 128)
    obstacle_radius: float = 0.1
    jet: float = 0.5
    buoyancy: float = 4.0
    confinement: float = 2.0

    def __post_init__(self):
        sides = (("closed", "closed"),) * (len(self.cells) - 1) + (("closed", "open"),)
        problem = PressureProjection(self.cells, sides)
        size = 1.0 / self.cells[0]
        object.__setattr__(self, "problem", problem)
        object.__setattr__(self, "domain", Domain(problem, time_step=size, cell_size=size))

    def start(self):
        """The state at rest, without smoke."""
        *aside, up = self._positions()
        height = self.cells[-1] * self.domain.cell_size
        squares = (up - 0.55 * height) ** 2 + sum((a - 0.5) ** 2 for a in aside)
        return self.domain.at_rest(squares > self.obstacle_radius**2)

    def operators(self):
        """What happens in a step before the projection."""
        *aside, up = self._positions()
        # Beside the middle: a symmetric plume would stay so, and show less.
        squares = sum((a - 0.46) ** 2 for a in aside)
        size = self.domain.cell_size  # on coarse grids smoke still enters through a cell
        source = np.logical_and(squares < max(0.07, size) ** 2, up < max(0.06, size))[0]
        rising = (0.0,) * len(aside) + (self.jet,)
        return (
            MacCormack(self.domain),
            Inflow(self.domain, source, 1.0, rising),
            Buoyancy(self.domain, self.buoyancy),
            VorticityConfinement(self.domain, self.confinement),
        )

    def _positions(self):
        return [self.domain.cell_size * p for p in self.domain.positions()]
