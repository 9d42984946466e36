import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.geometry import Ball, Box
from keras_solvers.pinn import (
    PDE,
    PINN,
    data,
    dirichlet,
    equations,
    initial_time_derivative,
    neumann,
    periodic,
    robin,
)
from keras_solvers.training import LevenbergMarquardt

LINE = Box(x=(-1.0, 2.0))


def solved(problem, num_points, num_boundary=2, *, epochs=60, width=8, depth=2, **kwargs):
    keras.utils.set_random_seed(0)
    network = coordinate_mlp(
        len(problem.geometry.coordinates),
        problem.num_fields,
        width,
        depth,
        bounds=problem.geometry.bounds,
        dtype="float64",
    )
    model = PINN(network, problem)
    model.compile(LevenbergMarquardt())
    points = problem.sample(num_points, num_boundary, seed=0)
    history = model.fit(points, epochs=epochs, verbose=0, **kwargs)
    assert history.history["loss"][-1] < 0.01 * history.history["loss"][0]
    return model


def largest_error(model, exact, num_points=200):
    points = model.problem.geometry.sample(num_points, seed=9)
    return np.abs(ops.convert_to_numpy(model(points))[:, 0] - exact(*points.T)).max()


def bump(x):
    return x.x * np.exp(-(x.x**2))


SOURCE = equations.poisson(lambda x: (6.0 * x.x - 4.0 * x.x**3) * np.exp(-(x.x**2)))


@pytest.mark.parametrize(
    "conditions",
    [
        (dirichlet(bump, weight=10.0),),
        (
            dirichlet(bump, lambda x: x.x == -1.0),
            neumann(lambda x: bump(x).x, lambda x: x.x == 2.0),
        ),
        (robin(1.5, lambda x: x.normal[0] * bump(x).x + 1.5 * bump(x)),),
    ],
    ids=["dirichlet", "neumann", "robin"],
)
def test_second_order_training_reaches_the_exact_solution(conditions):
    model = solved(PDE(LINE, SOURCE, conditions), 60, epochs=120)
    # After 60 steps it was 1e-5 to 1e-4 over four seeds.
    assert largest_error(model, lambda x: x * np.exp(-(x**2))) < 2e-4


def test_conditions_met_by_construction():
    problem = PDE(
        Ball((0.0, 0.0), 1.0),
        equations.poisson(4.0),
        ansatz=lambda x, n: (1.0 - x.x**2 - x.y**2) * n,
    )
    model = solved(problem, 100, 0, epochs=30, width=6, depth=1)
    assert largest_error(model, lambda x, y: 1.0 - x**2 - y**2) < 1e-4
    edge, _ = problem.geometry.sample_boundary(20)
    np.testing.assert_allclose(ops.convert_to_numpy(model(edge)), 0.0, atol=1e-12)


def test_waves_that_run_around():
    """Periodic in space, with an initial value and an initial time derivative."""
    wave = equations.wave(1.0)
    conditions = (
        periodic("x", 0.0, 2.0),
        dirichlet(lambda x: np.sin(np.pi * x.x), lambda x: x.t == 0.0),
        initial_time_derivative(lambda x: -np.pi * np.cos(np.pi * x.x), lambda x: x.t == 0.0),
    )
    problem = PDE(Box(x=(0.0, 2.0), t=(0.0, 0.5)), wave, conditions)
    model = solved(problem, 200, 40, epochs=60)
    assert largest_error(model, lambda x, t: np.sin(np.pi * (x - t))) < 5e-3


def test_unknown_coefficients_are_found_from_data():
    places = np.linspace(0.0, 2.0, 15)[:, None]
    problem = PDE(
        Box(t=(0.0, 2.0)),
        lambda x, u, rate: u.t + rate * u,
        (data(places, 3.0 * np.exp(-0.7 * places[:, 0])),),
        coefficients={"rate": 0.1},
    )
    model = solved(problem, 30, epochs=40, width=5, depth=1)
    assert float(ops.convert_to_numpy(model.coefficients["rate"])) == pytest.approx(0.7, rel=1e-3)


def test_systems_have_one_equation_for_each_field():
    def residual(x, u, v):
        return u.t - v, v.t + u

    start = lambda x: x.t == 0.0  # noqa: E731
    conditions = dirichlet(0.0, start), dirichlet(1.0, start, field=1)
    problem = PDE(Box(t=(0.0, 3.0)), residual, conditions, num_fields=2)
    model = solved(problem, 60, 1)
    assert largest_error(model, np.sin) < 1e-3
