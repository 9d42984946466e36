"""Steady flows from an inlet to an outlet, over a step and around obstacles, for `run pinn`."""

import numpy as np

from keras_solvers.experiments.pinn_case import PinnCase
from keras_solvers.experiments.pinn_elements import steady_flow
from keras_solvers.experiments.pinn_meshes import triangles
from keras_solvers.experiments.pinn_references import scattered
from keras_solvers.geometry import Ball, Box, Polygon
from keras_solvers.models import coordinate_mlp
from keras_solvers.pde import PDE, Condition, equations

VISCOSITY = 0.01
END = 4.0
STEP_CORNERS = [(0, 0), (END, 0), (END, 2), (2, 2), (2, 1), (0, 1)]
BAR_CORNERS = [(2.8, 0.8), (3.6, 0.8), (3.6, 1.1), (2.8, 1.1)]
STEP = Box(x=(0.0, END), y=(0.0, 2.0)) - Box(x=(0.0, 2.0), y=(1.0, 2.0))
DISCS = Ball((1.0, 0.5), 0.2) | Ball((2.0, 0.5), 0.3) | Ball((2.7, 1.6), 0.2)
OBSTACLES = STEP - DISCS - Polygon(BAR_CORNERS)
# The values of the references show what their solver does at the outlet, and the tables do not
# say: fluid leaves along x, without pressure, and where it enters the pressure is -97 u^2.
BACKFLOW = 97.0
NEAR = 0.05  # size of the places around corners whose residual counts less
_MOMENTUM = equations.navier_stokes(VISCOSITY)


def _inflow(x, y):
    return np.where(x == 0.0, 4.0 * y * (1.0 - y), 0.0), 0.0 * x


def _outlet(x, y):
    return (x == END) & (y > 0.0) & (y < 2.0)


def _leaving(x, psi, p, size, rate):
    """Velocity and pressure from the stream function, which keeps all fluid between the walls.

    That `v` vanishes at the outlet makes a layer `exp((x - 4) u / viscosity)` there, too thin for
    a smooth network; its size and rate are outputs.
    """
    rate = 0.5 / VISCOSITY * np.exp(rate)
    return equations.of_stream_function(x, psi + size / rate * np.exp(rate * (x.x - END)), p)


def _channel(shape, corners, force):
    """The flow in a shape, with forces of some size.

    At corners that point into the fluid its second derivatives grow without bound, and would hide
    all other residuals; they are multiplied by the square of the distance there.
    """

    def residual(x, u, v, p):
        along, across, _ = _MOMENTUM(x, u, v, p)
        weight = 1.0 / force
        for a, b in corners:
            square = (x.x - a) ** 2 + (x.y - b) ** 2
            weight = weight * square / (square + NEAR**2)
        return weight * along, weight * across

    def inlet(x, u, v, p):
        return u - 4.0 * x.y * (1.0 - x.y), v

    def outlet(x, u, v, p):
        return p + BACKFLOW * (u < 0.0) * u**2, v

    return PDE(
        shape,
        residual,
        (
            Condition(inlet, lambda x: x.x == 0.0, weight=10.0),
            Condition(lambda x, u, v, p: (u, v), lambda x: (x.x > 0.0) & (x.x < END), weight=10.0),
            Condition(outlet, lambda x: x.x == END, weight=10.0),
        ),
        num_fields=3,
        ansatz=_leaving,
    )


def _case(title, file, shape, outline, pointed, force, width, num_points, spacing, target, seconds):
    return PinnCase(
        title,
        lambda: _channel(shape, pointed, force),
        lambda dtype: coordinate_mlp(2, 4, width=width, depth=3, bounds=shape.bounds, dtype=dtype),
        num_points,
        lambda: scattered(file),
        lambda: steady_flow(
            triangles(shape, outline, spacing), VISCOSITY, _inflow, _outlet, BACKFLOW
        ),
        f"finite elements of side {spacing}",
        target,
        seconds,
        adaptive=5,
        num_boundary=num_points // 7,
        follow_conditions=True,
    )


CHANNELS = {
    "step": _case(
        "flow over a backward-facing step",
        "ns_0_obstacle.npz",
        STEP,
        STEP_CORNERS,
        [STEP_CORNERS[4]],
        force=1.0,
        width=20,
        num_points=1500,
        spacing=0.05,
        target=2e-2,
        seconds=200.0,
    ),
    "obstacles": _case(
        "flow over a step and around obstacles",
        "ns_4_obstacle.npz",
        OBSTACLES,
        [*STEP_CORNERS, *BAR_CORNERS],
        [STEP_CORNERS[4], *BAR_CORNERS],
        force=20.0,  # fluid at a speed of 2 in gaps of 0.2
        width=24,
        num_points=2500,
        spacing=0.035,
        target=3e-2,
        seconds=600.0,
    ),
}
