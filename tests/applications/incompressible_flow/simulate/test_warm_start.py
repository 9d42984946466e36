import numpy as np

from keras_solvers.applications.incompressible_flow import (
    DefectCorrection,
    Domain,
    Projection,
    previous_pressure,
)
from keras_solvers.classic import Multigrid
from keras_solvers.problems import PressureProjection

PROBLEM = PressureProjection((12, 16), (("closed", "closed"), ("closed", "open")), max_obstacles=2)


def residual(x, y):
    return np.asarray(PROBLEM.relative_residual(x, y))


def test_a_correction_is_as_good_as_its_solver_for_what_is_left():
    x = np.asarray(PROBLEM.sample(2, seed=0))
    # Better than zero: a solver leaves out a guess that is worse.
    previous = 0.9 * np.asarray(Multigrid(PROBLEM, 20)(x))
    cycle = Multigrid(PROBLEM, 1, num_smoothings=2)
    y = DefectCorrection(PROBLEM, previous_pressure, cycle)(np.concatenate([x, previous], -1))
    # A cycle is linear: started from there it does the same.
    expected = Multigrid(PROBLEM, 1, 0.0, lambda x: previous, num_smoothings=2)(x)
    difference = x[..., 1:] * (np.asarray(y) - np.asarray(expected))  # of no meaning in solids
    np.testing.assert_allclose(difference, 0.0, atol=1e-4 * np.abs(previous).max())


def test_from_its_own_pressure_a_projection_has_nothing_to_do():
    domain = Domain(PROBLEM, time_step=0.1, cell_size=0.5)
    state = domain.at_rest()
    rng = np.random.default_rng(0)
    state["velocity"] = tuple(rng.normal(size=u.shape).astype("float32") for u in state["velocity"])
    solver = Multigrid(PROBLEM, 20)
    shown = Projection(domain, solver, shows_previous=True)
    state = shown.constrained(state)
    after = shown.corrected(state, solver(shown.inputs(state)))
    x = shown.inputs({**state, "pressure": after["pressure"]})
    assert residual(x, previous_pressure(x)).max() < 1e-4
    assert x.shape[-1] == 3
    assert Projection(domain, solver).inputs(state).shape[-1] == 2
