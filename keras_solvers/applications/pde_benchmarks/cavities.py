"""Steady flow in a cavity, for `run pinn`."""

import numpy as np

from keras_solvers.applications.pde_benchmarks.case import ForwardCase, PointTraining, Rival
from keras_solvers.applications.pde_benchmarks.elements import steady_flow
from keras_solvers.applications.pde_benchmarks.references import scattered
from keras_solvers.networks.coordinate_mlp import coordinate_mlp
from keras_solvers.numerics.geometry.box import Box
from keras_solvers.numerics.geometry.meshes import graded_square
from keras_solvers.pinn import equations
from keras_solvers.pinn.fields.conditions import Condition, data
from keras_solvers.pinn.fields.pde import PDE

VISCOSITY = 0.01
CAVITY = Box(x=(0.0, 1.0), y=(0.0, 1.0))
_MOMENTUM = equations.navier_stokes(VISCOSITY)


def _cavity(speed):
    """Flow below a lid that moves with `speed x (1 - x)`; all unknowns of order one."""
    unit = speed / 4.0
    force = unit * (0.3 + unit)  # of a slow and of a fast flow

    def residual(x, u, v, p):
        along, across, divergence = _MOMENTUM(x, u, v, p)
        return along / force, across / force, divergence / unit

    def lid(x, u, v, p):
        return u / unit - 4.0 * x.x * (1.0 - x.x), v / unit

    def wall(x, u, v, p):
        return u / unit, v / unit

    return PDE(
        CAVITY,
        residual,
        (
            Condition(lid, lambda x: x.y == 1.0, weight=10.0),
            Condition(wall, lambda x: x.y < 1.0, weight=10.0),
            data(np.zeros((1, 2)), np.zeros(1), field=2, weight=force**-2),
        ),
        num_fields=3,
        ansatz=lambda x, u, v, p: (unit * u, unit * v, force * p),
    )


def _cavity_case(speed, start, seconds):
    return ForwardCase(
        f"a cavity below a lid of speed {speed} x (1 - x)",
        lambda: _cavity(speed),
        lambda dtype: coordinate_mlp(2, 3, width=20, depth=3, bounds=CAVITY.bounds, dtype=dtype),
        PointTraining(seconds, 1500, 200, adaptive=10, start=start),
        lambda: scattered(f"lid_driven_a{speed}.npz"),
        Rival(
            "finite elements, 32 x 32, finer at the walls",
            lambda: steady_flow(
                graded_square(32),
                VISCOSITY,
                lambda x, y: (np.where(y == 1.0, speed * x * (1.0 - x), 0.0), 0.0 * x),
            ),
        ),
        target=1e-2,
    )


CASES = {
    "cavity-2": _cavity_case(2, None, 120.0),
    "cavity-4": _cavity_case(4, "cavity-2", 60.0),
    "cavity-8": _cavity_case(8, "cavity-4", 60.0),
    "cavity-16": _cavity_case(16, "cavity-8", 80.0),
    "cavity-32": _cavity_case(32, "cavity-16", 200.0),
}
