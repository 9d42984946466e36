"""The steady flow over a step and around obstacles, by random features, for `run pinn`.

Residuals squared at points leave this flow wrong: a network trained on them by Gauss-Newton was
0.2 off after 600 CPU-seconds. How much fluid passes each side of an obstacle hangs on small
differences of the pressure around it, which least squares trade for residuals elsewhere.
"""

import numpy as np

from keras_solvers.applications.pde_benchmarks.case import ForwardCase, OwnTraining, Rival
from keras_solvers.applications.pde_benchmarks.channels import (
    BACKFLOW,
    END,
    STEP,
    STEP_CORNERS,
    VISCOSITY,
    inflow,
    outlet,
)
from keras_solvers.applications.pde_benchmarks.elements import steady_flow
from keras_solvers.applications.pde_benchmarks.references import scattered
from keras_solvers.applications.pde_benchmarks.steady_flow import fit_steady_flow
from keras_solvers.applications.pde_benchmarks.stream_network import stream_network
from keras_solvers.applications.pde_benchmarks.wall import Wall
from keras_solvers.numerics.geometry.ball import Ball
from keras_solvers.numerics.geometry.meshes import quadrature, refined, triangles
from keras_solvers.numerics.geometry.polygon import Polygon
from keras_solvers.pinn import equations
from keras_solvers.pinn.fields.pde import PDE

DISCS = (((1.0, 0.5), 0.2), ((2.0, 0.5), 0.3), ((2.7, 1.6), 0.2))
BAR_CORNERS = [(2.8, 0.8), (3.6, 0.8), (3.6, 1.1), (2.8, 1.1)]
OBSTACLES = STEP - Ball(*DISCS[0]) - Ball(*DISCS[1]) - Ball(*DISCS[2]) - Polygon(BAR_CORNERS)
POINTED = [STEP_CORNERS[4], *BAR_CORNERS]
INFLOW = 2.0 / 3.0
WALLS = (
    Wall(((0.0, 0.0), (END, 0.0))),
    Wall(((0.0, 1.0), (2.0, 1.0), (2.0, 2.0), (END, 2.0)), INFLOW),
    Wall(((0.0, 0.0), (0.0, 1.0)), (0.0, 0.0, 2.0, -4.0 / 3.0)),
    *(Wall((center,), None, radius) for center, radius in DISCS),
    Wall((*BAR_CORNERS, BAR_CORNERS[0]), None),
)
_SIZE = 0.25  # of windows
_SIDE = 0.03  # of triangles; of 0.035 features pass between the points, and the pressure is lost


def _points():
    """Of a quadrature that is finer where windows are."""
    mesh = triangles(OBSTACLES, [*STEP_CORNERS, *BAR_CORNERS], _SIDE)
    return quadrature(refined(mesh, POINTED, 0.5 * _SIZE / 2.0 ** np.arange(3)), order=4)


def _fit(network, on_step):
    points, areas = _points()
    return points, fit_steady_flow(network, VISCOSITY, points, areas, on_step)


def _network(dtype):
    return stream_network(WALLS, OBSTACLES.bounds, _SIZE, POINTED, dtype=dtype)


def _problem():
    momentum = equations.navier_stokes(VISCOSITY)
    return PDE(OBSTACLES, momentum, num_fields=3, ansatz=equations.of_stream_function)


CASES = {
    "obstacles": ForwardCase(
        "flow over a step and around obstacles",
        _problem,
        _network,
        OwnTraining(600.0, _fit, "Newton's method"),
        lambda: scattered("ns_4_obstacle.npz"),
        Rival(
            "finite elements of side 0.035",
            lambda: steady_flow(
                triangles(OBSTACLES, [*STEP_CORNERS, *BAR_CORNERS], 0.035),
                VISCOSITY,
                inflow,
                outlet,
                BACKFLOW,
            ),
        ),
        target=3e-2,
    )
}
