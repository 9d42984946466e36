"""The steady flow from an inlet over a step to an outlet, for `run pinn`."""

import numpy as np

from keras_solvers.applications.pde_benchmarks.case import ForwardCase, PointTraining, Rival
from keras_solvers.applications.pde_benchmarks.elements import steady_flow
from keras_solvers.applications.pde_benchmarks.references import scattered
from keras_solvers.networks.coordinate_mlp import coordinate_mlp
from keras_solvers.numerics.geometry.box import Box
from keras_solvers.numerics.geometry.meshes import triangles
from keras_solvers.pinn import equations
from keras_solvers.pinn.fields.conditions import Condition
from keras_solvers.pinn.fields.pde import PDE

VISCOSITY = 0.01
END = 4.0
STEP_CORNERS = [(0, 0), (END, 0), (END, 2), (2, 2), (2, 1), (0, 1)]
STEP = Box(x=(0.0, END), y=(0.0, 2.0)) - Box(x=(0.0, 2.0), y=(1.0, 2.0))
# The values of the references show what their solver does at the outlet, and the tables do not
# say: fluid leaves along x, without pressure, and where it enters the pressure is -97 u^2.
BACKFLOW = 97.0
NEAR = 0.05  # size of the place around the corner whose residual counts less
_MOMENTUM = equations.navier_stokes(VISCOSITY)


def inflow(x, y):
    return np.where(x == 0.0, 4.0 * y * (1.0 - y), 0.0), 0.0 * x


def outlet(x, y):
    return (x == END) & (y > 0.0) & (y < 2.0)


def _leaving(x, psi, p, size, rate):
    """Velocity and pressure from the stream function, which keeps all fluid between the walls.

    That `v` vanishes at the outlet makes a layer `exp((x - 4) u / viscosity)` there, too thin for
    a smooth network; its size and rate are outputs.
    """
    rate = 0.5 / VISCOSITY * np.exp(rate)
    return equations.of_stream_function(x, psi + size / rate * np.exp(rate * (x.x - END)), p)


def _over_the_step():
    """The flow over the step.

    At the corner that points into the fluid its second derivatives grow without bound, and would
    hide all other residuals; they are multiplied by the square of the distance there.
    """
    a, b = STEP_CORNERS[4]

    def residual(x, u, v, p):
        along, across, _ = _MOMENTUM(x, u, v, p)
        square = (x.x - a) ** 2 + (x.y - b) ** 2
        weight = square / (square + NEAR**2)
        return weight * along, weight * across

    def entering(x, u, v, p):
        return u - 4.0 * x.y * (1.0 - x.y), v

    def leaving(x, u, v, p):
        return p + BACKFLOW * (u < 0.0) * u**2, v

    return PDE(
        STEP,
        residual,
        (
            Condition(entering, lambda x: x.x == 0.0, weight=10.0),
            Condition(lambda x, u, v, p: (u, v), lambda x: (x.x > 0.0) & (x.x < END), weight=10.0),
            Condition(leaving, lambda x: x.x == END, weight=10.0),
        ),
        num_fields=3,
        ansatz=_leaving,
    )


CASES = {
    "step": ForwardCase(
        "flow over a backward-facing step",
        _over_the_step,
        lambda dtype: coordinate_mlp(2, 4, width=20, depth=3, bounds=STEP.bounds, dtype=dtype),
        PointTraining(200.0, 1500, 1500 // 7, adaptive=5, follow_conditions=True),
        lambda: scattered("ns_0_obstacle.npz"),
        Rival(
            "finite elements of side 0.05",
            lambda: steady_flow(
                triangles(STEP, STEP_CORNERS, 0.05), VISCOSITY, inflow, outlet, BACKFLOW
            ),
        ),
        target=2e-2,
    )
}
