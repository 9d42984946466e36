"""Two media, and two networks, that meet inside the domain."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers import PINN
from keras_solvers.models import concatenate_networks, coordinate_mlp
from keras_solvers.numerics.geometry import Ball, Box
from keras_solvers.pinn import PDE, Coordinates, dirichlet, interface
from keras_solvers.training import LevenbergMarquardt

LINE = Box(x=(0.0, 1.0))
POINTS = np.linspace(0.0, 1.0, 41)[:, None]


@pytest.mark.jax
def test_where_an_equation_holds():
    x, rows = Coordinates("xy"), np.array([[0.2, 1.0], [0.6, 2.0], [0.5, 3.0]], "float32")
    half = (x.x < 0.5) * (x.x * x.y) + (x.x >= 0.5) * 7.0
    np.testing.assert_allclose(half(rows), [0.2, 7.0, 7.0])
    np.testing.assert_allclose(half.x(rows), [1.0, 0.0, 0.0])
    np.testing.assert_allclose((x.x + x.y > 3.0)(rows), [0.0, 0.0, 1.0])


@pytest.mark.jax
def test_points_lie_on_the_interface():
    domain, disc = Box(x=(-1.0, 1.0), y=(-1.0, 1.0)), Ball((0.2, 0.0), 0.5)
    problem = PDE(domain, lambda x, u, v: (u.xx, v.yy), (interface(disc),), num_fields=2)
    rows = problem.sample(10, 30)["condition 0"]
    np.testing.assert_allclose(np.hypot(rows[:, 0] - 0.2, rows[:, 1]), 0.5)
    np.testing.assert_allclose(rows[:, 2:] * 0.5 + [0.2, 0.0], rows[:, :2], atol=1e-12)


def test_heat_through_two_media():
    """`-(k u')' = 1` with `k = 1` left of 0.4 and 5 right of it; a contact resistance jumps."""
    if keras.backend.backend() == "jax":
        pytest.skip("float32 by default")
    jump = 0.5

    def equations(x, u, v):
        left = x.x < 0.4
        return left * (u.xx + 1.0) + (1.0 - left) * (5.0 * v.xx + 1.0)

    problem = PDE(
        LINE,
        equations,
        (
            dirichlet(0.0, lambda x: x.x == 0.0, field=0),
            dirichlet(0.0, lambda x: x.x == 1.0, field=1),
            interface(Box(x=(0.0, 0.4)), lambda x: x.x == 0.4, factors=(1.0, 5.0), jump=jump),
        ),
        num_fields=2,
    )
    keras.utils.set_random_seed(0)
    parts = [coordinate_mlp(1, width=8, depth=2, dtype="float64") for _ in range(2)]
    model = PINN(concatenate_networks(parts), problem)
    model.compile(LevenbergMarquardt())
    model.fit(problem.sample(60, 2), 40, verbose=0)
    u, v = ops.convert_to_numpy(model(POINTS)).T
    x = POINTS[:, 0]
    # u = a x - x^2 / 2 on the left, v = (a (x - 1) - (x^2 - 1) / 2) / 5 on the right.
    a = (jump + 0.08 + (1.0 - 0.16) / 10.0) / (0.4 + 0.6 / 5.0)
    left = x <= 0.4
    exact = np.where(left, a * x - x**2 / 2.0, (a * (x - 1.0) - (x**2 - 1.0) / 2.0) / 5.0)
    assert np.abs(np.where(left, u, v) - exact).max() < 1e-5


CONTRADICTIONS = {
    "a part and the whole": (dirichlet(0.0), dirichlet(1.0, lambda x: x.y == 1.0)),
    "functions": (
        dirichlet(lambda x: x.x, lambda x: x.y == 1.0),
        dirichlet(lambda x: x.x**2, lambda x: x.y > 0.5),
    ),
}


@pytest.mark.jax
@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_contradictions_are_named(name):
    square = Box(x=(0.0, 1.0), y=(0.0, 1.0))
    problem = PDE(square, lambda x, u: u.laplacian(), CONTRADICTIONS[name])
    with pytest.raises(ValueError, match="`condition 0` and `condition 1` prescribe different"):
        PINN(coordinate_mlp(2), problem)


@pytest.mark.jax
def test_what_agrees_or_meets_in_a_corner_is_no_contradiction():
    square = Box(x=(0.0, 1.0), y=(0.0, 1.0))
    conditions = (
        dirichlet(1.0, lambda x: x.y == 1.0),  # a lid: it jumps at its ends
        dirichlet(0.0, lambda x: x.y != 1.0),
        dirichlet(lambda x: 0.0 * x.x, lambda x: x.x == 0.0),
        dirichlet(2.0, field=1),
    )
    PINN(coordinate_mlp(2, 2), PDE(square, lambda x, u, v: u.x + v.y, conditions, num_fields=2))


@pytest.mark.jax
def test_networks_that_do_not_fit_together_are_named():
    with pytest.raises(ValueError, match="same shape"):
        concatenate_networks([coordinate_mlp(1), coordinate_mlp(2)])
