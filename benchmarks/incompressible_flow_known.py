"""Flows with a known answer, simulated: Taylor-Green vortices, driven cavity, started cylinder."""

import csv
import itertools

import numpy as np

from keras_solvers import compiled
from keras_solvers.applications.incompressible_flow import (
    Domain,
    MacCormack,
    Projection,
    Reflection,
    Step,
    Viscosity,
    compiled_step,
    rollout,
)
from keras_solvers.applications.incompressible_flow.simulate.measures import pressure_force
from keras_solvers.classic import ConjugateGradient, FastPoisson, Multigrid
from keras_solvers.data import DataNotFoundError, find
from keras_solvers.problems import PressureProjection

STILL = (0.0, 0.0)
_KOUMOUTSAKOS = "tables/koumoutsakos_leonard_1995_cylinder_dragCoefficientRe{}.dat"


def taylor_green(n, num_steps, viscosity=0.05, time=1.0, reflected=False, jit=True):
    """Root-mean-square error of `u` after vortices decayed on `n` x `n` cells of a torus.

    Exact: `u = sin x cos y exp(-2 nu t)`, `v = -cos x sin y exp(-2 nu t)`, box of width `2 pi`.
    """
    problem, size = PressureProjection((n, n), "periodic"), 2.0 * np.pi / n
    domain = Domain(problem, time / num_steps / (2 if reflected else 1), size)
    step = viscous_step(domain, viscosity, reflected, jit)
    state = domain.at_rest()
    state["velocity"] = tuple(_vortices(domain, axis) for axis in (0, 1))
    *_, state = rollout(step, state, num_steps)
    decay = np.exp(-2.0 * viscosity * time)
    return float(np.sqrt(np.mean((state["velocity"][0] - decay * _vortices(domain, 0)) ** 2)))


def viscous_step(domain, viscosity, reflected, jit=True):
    """One step of the domain, or two of which the first one ends mirrored."""
    operators = (MacCormack(domain), Viscosity(domain, viscosity))
    solver = FastPoisson(domain.problem)

    def ended(projection):
        if jit:
            return compiled_step(domain, operators, projection)
        return Step(domain, (*operators, projection))

    last = ended(Projection(domain, solver))
    if not reflected:
        return last
    first = ended(Reflection(domain, solver))
    return lambda state: last(first(state))


def _vortices(domain, axis):
    x, y = (domain.cell_size * p for p in domain.positions(axis))
    field = np.sin(x) * np.cos(y) if axis == 0 else -np.cos(x) * np.sin(y)
    return field.astype("float32")


def cavity(n, reynolds, courant=0.5, most_time=100.0, reflected=True):
    """`(u, v)` on the centre lines of the steady flow in a unit square below a moving lid."""
    size = 1.0 / n
    walls = ((STILL, STILL), (STILL, (1.0, 0.0)))
    problem = PressureProjection((n, n))
    domain = Domain(problem, courant * size, size, walls)
    step = viscous_step(domain, 1.0 / reynolds, reflected)
    state = domain.at_rest()
    every = round(1.0 / domain.time_step / (2 if reflected else 1))  # a unit of time
    for _ in range(round(most_time)):
        before = state["velocity"][0]
        *_, state = rollout(step, state, every)
        if np.abs(state["velocity"][0] - before).max() < 2e-4:
            break
    u, v = state["velocity"]
    return u[0, n // 2], v[0, :, n // 2]


def cavity_errors(n, reynolds, **kwargs):
    """Largest distances to the tables of Ghia, Ghia and Shin, 1982: of `u`, and of `v`."""
    along = (np.arange(n) + 0.5) / n
    errors = []
    for profile, name, end in zip(
        cavity(n, reynolds, **kwargs), ("u_x0.5", "v_y0.5"), (1.0, 0.0), strict=True
    ):
        place, value = _ghia(name, reynolds)
        ours = np.interp(place, [0.0, *along, 1.0], [0.0, *profile, end])
        errors.append(float(np.abs(ours - value).max()))
    return tuple(errors)


def _ghia(name, reynolds):
    lines = _table(f"tables/ghia1982_{name}.csv").read_text().splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    place = next(iter(rows[0]))
    if (name, reynolds) == ("v_y0.5", 400):  # one entry of the original is a misprint
        rows = [row for row in rows if row[place] != "0.9063"]
    return np.array([(float(r[place]), float(r[f"Re{reynolds}"])) for r in rows]).T


def cylinder_drag(reynolds, cells, width, end, courant=0.3):
    """Drag of a cylinder of unit diameter that starts at unit speed: arrays `(t*, coefficient)`.

    Time is in radii over speed, as in the reference; the drag is that of pressure and friction.

    Args:
        reynolds: Of the diameter.
        cells: Cells across the diameter.
        width: Width of the square domain in diameters.
        end: Last time.
        courant: Cells that the free stream crosses in a step.
    """
    size = 1.0 / cells
    n = cells * width
    problem = PressureProjection((n, n), (("closed", "open"), ("closed", "closed")))
    free = (1.0, 0.0)  # the walls move with the free stream
    domain = Domain(problem, courant * size, size, ((free, free), (free, free)))
    x, y = (size * p - 0.5 * width for p in domain.positions())
    state = domain.at_rest(x**2 + y**2 > 0.25)
    state["velocity"] = (np.ones_like(state["velocity"][0]), state["velocity"][1])
    friction = Viscosity(domain, 1.0 / reynolds)
    cycle = Multigrid(problem, 1, num_smoothings=2)
    solver = ConjugateGradient(problem, 12, 1e-4, preconditioner=cycle)
    step = Step(domain, (MacCormack(domain), friction, Projection(domain, solver)))

    def step_and_drag(state):
        state = step(state)
        return state, pressure_force(domain, state)[0] + friction.force_on_solids(state)[0]

    history = []
    advance = compiled(step_and_drag)
    for number in itertools.count(1):
        state, drag = advance(state)
        history.append((2.0 * number * domain.time_step, 2.0 * float(drag[0])))
        if history[-1][0] >= end:
            return np.array(history).T


def published_drag(reynolds):
    """`(t*, coefficient)` of Koumoutsakos and Leonard, 1995."""
    return np.loadtxt(_table(_KOUMOUTSAKOS.format(reynolds))).T


def _table(name):
    path = find(name)
    if path is None:
        raise DataNotFoundError(
            f"There is no file {name}. Set KERAS_SOLVERS_DATA to the folder of reference data."
        )
    return path


def mean_relative(values, expected):
    return float(np.mean(np.abs(np.asarray(values) / np.asarray(expected) - 1.0)))
