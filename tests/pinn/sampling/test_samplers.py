import numpy as np
import pytest
from keras import ops

from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, PINN, Causal, ResidualAdaptive, data, dirichlet

LINE = Box(x=(-1.0, 2.0))


def zero(problem):
    """A network that is zero everywhere."""
    number = len(problem.geometry.coordinates)
    model = PINN(coordinate_mlp(number, width=4, depth=1, dtype="float64"), problem)
    for v in model.trainable_variables:
        v.assign(ops.zeros_like(v))
    return model


def test_points_follow_the_residual():
    problem = PDE(LINE, lambda x, u: u - np.exp(-50.0 * x.x**2))
    model = zero(problem)
    chosen = ResidualAdaptive(offset=0.1)(model, problem.sample(200), 10)["residual"]
    assert np.mean(abs(chosen) < 0.3) > 0.5  # of a length of a fifth
    assert np.mean(abs(chosen) > 0.3) > 0.05


def test_points_of_conditions_follow_their_residual():
    strip = Box(x=(0.0, 1.0), y=(0.0, 1.0))
    bump = dirichlet(lambda x: np.exp(-200.0 * (x.x - 0.5) ** 2), lambda x: x.y == 0.0)
    given = data(np.full((3, 2), 0.5), np.zeros(3))
    problem = PDE(strip, lambda x, u: u.xx, (bump, dirichlet(0.0, lambda x: x.y == 1.0), given))
    model = zero(problem)
    points = problem.sample(50, num_boundary=100)
    chosen = ResidualAdaptive(offset=0.1, conditions=True)(model, points, 10)
    assert {n: r.shape for n, r in chosen.items()} == {n: r.shape for n, r in points.items()}
    assert np.mean(abs(chosen["condition 0"][:, 0] - 0.5) < 0.1) > 0.5  # of a fifth of the side
    assert np.all(chosen["condition 0"][:, 1] == 0.0)
    # What is met everywhere is spread evenly, and data stay.
    assert np.mean(abs(chosen["condition 1"][:, 0] - 0.5) < 0.1) < 0.35
    np.testing.assert_array_equal(chosen["condition 2"], points["condition 2"])


def test_points_wait_until_earlier_times_are_solved():
    strip = Box(x=(0.0, 1.0), t=(0.0, 2.0))
    problem = PDE(strip, lambda x, u: u - np.exp(-100.0 * (x.t - 1.0) ** 2))
    model = zero(problem)
    points = problem.sample(400)
    time = Causal(strength=100.0)(model, points, 10)["residual"][:, 1]
    assert len(time) == 400
    assert np.mean(time < 1.0) > 0.9
    # What is small everywhere holds nothing back.
    time = Causal(strength=1e-6)(model, points, 10)["residual"][:, 1]
    assert np.mean(time < 1.0) == pytest.approx(0.5, abs=0.1)
    with pytest.raises(ValueError, match=r"one of x, t\. Received: 's'"):
        Causal("s")(model, points, 10)
