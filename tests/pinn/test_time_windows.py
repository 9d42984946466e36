"""A window must start where, and as fast as, the last one ended."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.integrate import solve_ivp

from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.derivatives import supports_float64
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, dirichlet, initial_time_derivative, solve_in_time_windows
from keras_solvers.training import LevenbergMarquardt

pytestmark = pytest.mark.skipif(not supports_float64(), reason="needs float64")


def network(start, end):
    return coordinate_mlp(1, 2, width=10, depth=2, bounds=[(start, end)], dtype="float64")


def train(model):
    model.compile(LevenbergMarquardt())
    model.fit(model.problem.sample(40, num_boundary=1), epochs=40, verbose=0)


def at_first(x):
    return x.t == 0.0


def test_a_system_in_three_windows():
    def equations(t, u, v):  # of Lotka and Volterra
        return 2.0 * u - 1.2 * u * v, 0.9 * u * v - v

    def problem(start, end, initial):
        def residual(x, u, v):
            u_t, v_t = equations(x.t, u, v)
            return u.t - u_t, v.t - v_t

        return PDE(Box(t=(start, end)), residual, initial, num_fields=2)

    keras.utils.set_random_seed(0)
    initial = (dirichlet(1.0, at_first), dirichlet(0.5, at_first, field=1))
    edges = (0.0, 2.0, 3.5, 5.0)
    exact = solve_ivp(lambda t, y: equations(t, *y), (0, 5), (1.0, 0.5), rtol=1e-9).y[:, -1]
    last = list(solve_in_time_windows(problem, initial, network, edges, train, num_points=1))[-1]
    found = ops.convert_to_numpy(last(np.array([[5.0]])))[0]
    np.testing.assert_allclose(found, exact, rtol=2e-3)


def test_a_complex_field_of_second_order():
    def problem(start, end, initial):
        return PDE(Box(t=(start, end)), lambda x, h: h.tt + 4.0 * h, initial, complex_valued=True)

    keras.utils.set_random_seed(0)
    initial = (dirichlet(1.0, at_first), initial_time_derivative(-2.0j, at_first))
    windows = solve_in_time_windows(
        problem, initial, network, (0.0, 1.0, 2.0), train, order=2, num_points=1
    )
    for model, time in zip(windows, (1.0, 2.0), strict=True):
        real, imag = ops.convert_to_numpy(model(np.array([[time]])))[0]
        assert real + 1j * imag == pytest.approx(np.exp(-2j * time), abs=1e-3)


def test_windows_are_trained_one_by_one():
    trained = []
    windows = solve_in_time_windows(
        lambda start, end, initial: PDE(
            Box(t=(start, end)), lambda x, u, v: (u.t, v.t), initial, num_fields=2
        ),
        (dirichlet(0.0, at_first), dirichlet(0.0, at_first, field=1)),
        network,
        (0.0, 1.0, 2.0),
        trained.append,
    )
    assert not trained
    assert [next(windows)] == trained


@pytest.mark.parametrize(
    ("edges", "order", "message"),
    [
        ((0.0,), 1, "two times or more"),
        ((0.0, 2.0, 1.0), 1, "that increase"),
        ((0.0, 1.0), 3, "1 or 2"),
        ((0.0, 1.0, 2.0), 1, "must end with it, at t = 1.0"),
    ],
)
def test_wrong_windows_are_named(edges, order, message):
    def too_long(start, end, initial):
        return PDE(Box(t=(start, end + 0.5)), lambda x, u, v: (u.t, v.t), initial, num_fields=2)

    with pytest.raises(ValueError, match=message):
        list(solve_in_time_windows(too_long, (), network, edges, lambda model: None, order=order))
