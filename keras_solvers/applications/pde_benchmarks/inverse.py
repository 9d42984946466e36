"""Coefficients found from data, for `run pinn`: networks beside least squares through a solver."""

import functools

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import least_squares

from keras_solvers.applications.pde_benchmarks.case import InverseCase, PointTraining, Rival
from keras_solvers.applications.pde_benchmarks.references import arrays
from keras_solvers.networks.coordinate_mlp import coordinate_mlp
from keras_solvers.numerics.geometry.box import Box
from keras_solvers.pinn import equations
from keras_solvers.pinn.fields.conditions import data
from keras_solvers.pinn.fields.pde import PDE

DURATION = Box(t=(0.0, 3.0))
TUBE = Box(x=(0.0, 1.0), t=(0.0, 10.0))
RATE, DIFFUSIVITY = 0.1, 1e-3  # units in which the unknowns are of order one
# The coefficients of both files are not those they are said to have, 10 and 0.1: least squares
# through a classic solver finds these, in which the reaction does not depend on the mesh.
ORBIT = {"sigma": 10.0134, "rho": 15.0002, "beta": 2.66774}
REACTION = {"rate": 0.9914, "diffusivity": 1.99777}
_SEEN = 2000  # of the 40,401 values of each species


@functools.cache
def _orbit():
    times, states = arrays("Lorenz.npz", "t", "y")
    return times[:, 0], states


def _orbit_problem():
    times, states = _orbit()
    return PDE(
        DURATION,
        equations.lorenz(),
        tuple(data(times[:, None], states[:, i], field=i, weight=10.0) for i in range(3)),
        num_fields=3,
        ansatz=lambda place, x, y, z: (10.0 * x, 10.0 * y, 10.0 * z + 15.0),
        coefficients={"sigma": 1.0, "rho": 1.0, "beta": 1.0},
    )


def orbit_by_shooting():
    """Lorenz's coefficients by least squares through a Runge-Kutta solver of eighth order."""
    times, states = _orbit()

    def misfit(coefficients):
        sigma, rho, beta = coefficients

        def rate(t, s):
            x, y, z = s
            return sigma * (y - x), x * (rho - z) - y, x * y - beta * z

        found = solve_ivp(rate, (0.0, 3.0), states[0], "DOP853", times, rtol=1e-9, atol=1e-9)
        return (found.y.T - states).ravel() if found.success else np.full(states.size, 1e3)

    found = least_squares(misfit, (1.0, 1.0, 1.0), x_scale=(10.0, 10.0, 1.0), diff_step=1e-5).x
    return dict(zip(("sigma", "rho", "beta"), found.tolist(), strict=True))


@functools.cache
def _species():
    x, t, first, second = arrays("reaction.npz", "x", "t", "Ca", "Cb")
    points = np.stack(np.meshgrid(x.ravel(), t.ravel(), indexing="xy"), axis=-1).reshape(-1, 2)
    return points, np.stack([first.ravel(), second.ravel()], axis=1)


def _reaction(place, a, b, rate, diffusivity):
    # Ten times the equation, so that its terms are as large as the concentrations.
    consumed = RATE * rate * a * b**2
    spread = DIFFUSIVITY * diffusivity
    return 10.0 * (a.t - spread * a.xx + consumed), 10.0 * (b.t - spread * b.xx + 2.0 * consumed)


def _reaction_problem():
    points, values = _species()
    seen = np.random.default_rng(0).choice(len(points), _SEEN, replace=False)
    return PDE(
        TUBE,
        _reaction,
        tuple(data(points[seen], values[seen, i], field=i, weight=100.0) for i in range(2)),
        num_fields=2,
        coefficients={"rate": 0.5, "diffusivity": 1.0},
    )


def reaction_by_lines(cells=200):
    """The coefficients by least squares through differences in space and a stiff solver in time."""
    points, values = _species()
    times = np.unique(points[:, 1])
    x = np.linspace(0.0, 1.0, cells + 1)
    start = np.repeat(np.exp(-20.0 * x), 2)  # both species of a point side by side: a narrow band
    seen = slice(None, None, cells // 200)

    def misfit(coefficients):
        rate, diffusivity = coefficients

        def change(t, both):
            a, b = both[0::2], both[1::2]
            consumed = RATE * rate * a * b**2
            spread = DIFFUSIVITY * diffusivity * cells**2
            out = np.zeros_like(both)
            out[2:-2:2] = spread * np.diff(a, 2) - consumed[1:-1]
            out[3:-2:2] = spread * np.diff(b, 2) - 2.0 * consumed[1:-1]
            return out

        settings = {"method": "LSODA", "rtol": 1e-8, "atol": 1e-10, "lband": 2, "uband": 2}
        found = solve_ivp(change, (0.0, times[-1]), start, t_eval=times, **settings).y
        return np.stack([found[0::2][seen].T, found[1::2][seen].T], -1).ravel() - values.ravel()

    found = least_squares(misfit, (0.5, 1.0), diff_step=1e-3).x
    return dict(zip(("rate", "diffusivity"), found.tolist(), strict=True))


CASES = {
    "lorenz-inverse": InverseCase(
        "three coefficients of Lorenz's equations",
        _orbit_problem,
        lambda dtype: coordinate_mlp(1, 3, width=16, depth=3, bounds=DURATION.bounds, dtype=dtype),
        PointTraining(60.0, 400, 1),
        lambda: (_orbit()[0][:, None], _orbit()[1]),
        Rival("least squares through Runge-Kutta", orbit_by_shooting),
        target=2e-3,
        known=ORBIT,
    ),
    "reaction-inverse": InverseCase(
        "two coefficients of a reaction that diffuses",
        _reaction_problem,
        lambda dtype: coordinate_mlp(2, 2, width=20, depth=4, bounds=TUBE.bounds, dtype=dtype),
        PointTraining(200.0, 3000, 1),
        _species,
        Rival("least squares through a stiff solver", functools.partial(reaction_by_lines, 800)),
        target=2e-3,
        known=REACTION,
    ),
}
