"""A square duct: no secondary flow with a linear closure, a symmetric one with others."""

import numpy as np
import pytest

from keras_solvers.applications.turbulence_closure import SquareDuct
from keras_solvers.numerics import Newton, NotConvergedError


def linear(x):
    return -0.09 * x["tensors"][:, 0]


def quadratic(x):
    strain, rotation = x["tensors"][:, 0], x["tensors"][:, 1]
    return linear(x) + 0.02 * (strain @ rotation - rotation @ strain)


def test_a_linear_closure_has_no_secondary_flow():
    flow = SquareDuct(200.0, 8).solve(linear)
    assert np.abs(flow.velocity[1:]).max() < 1e-15 * flow.bulk  # rounding
    assert flow.residuals[-1] <= 1e-7


def test_the_secondary_flow_of_a_quadratic_closure_is_symmetric_about_the_diagonal():
    duct = SquareDuct(300.0, 10)
    flow = duct.solve(quadratic)
    v, w = flow.velocity[1:].reshape(2, 11, 11)
    np.testing.assert_allclose(v, w.T, atol=1e-8)
    assert 0.002 < flow.secondary.max() < 0.05


def test_the_secondary_flow_does_not_depend_on_the_grid():
    coarse, fine = (SquareDuct(300.0, n).solve(quadratic) for n in (12, 24))
    same = fine.velocity.reshape(3, 25, 25)[:, ::2, ::2].reshape(3, -1)
    difference = np.hypot(*(coarse.velocity - same)[1:])
    assert difference.max() < 0.1 * np.hypot(*same[1:]).max()


def test_a_flow_can_be_the_start_of_the_next():
    duct = SquareDuct(200.0, 8)
    flow = duct.solve(quadratic)
    again = duct.solve(quadratic, start=flow)
    assert len(again.residuals) == 1
    np.testing.assert_array_equal(again.velocity, flow.velocity)


def test_the_wall_friction_balances_the_pressure_force():
    # The mean wall shear stress is one in these units; U = y+ next to the wall.
    duct = SquareDuct(200.0, 24)
    flow = duct.solve(linear)
    velocity = flow.velocity[0].reshape(25, 25)
    y = np.unique(flow.nodes[:, 0])
    wall = np.trapezoid(velocity[1], y) / (y[1] * 200.0)
    assert wall == pytest.approx(1.0, rel=0.02)


def test_a_flow_that_is_not_converged_is_not_returned():
    with pytest.raises(NotConvergedError):
        SquareDuct(200.0, 8, solver=Newton(num_steps=2)).solve(linear)


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="num_cells"):
        SquareDuct(200.0, 2)
    flow = SquareDuct(200.0, 8).solve(linear)
    with pytest.raises(ValueError, match=r"on 9 cells.*Received: DuctFlow on 8 cells"):
        SquareDuct(200.0, 9).solve(linear, start=flow)
