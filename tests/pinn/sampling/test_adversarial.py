import types

import numpy as np
import pytest

from keras_solvers.numerics.geometry import Ball, Box
from keras_solvers.pinn import Adversarial

pytestmark = pytest.mark.jax

CENTER = np.array([0.5, 0.5, -0.5])
CUBE = Box(x=(-1.0, 1.0), y=(-1.0, 1.0), z=(-1.0, 1.0))


def residual(points):
    """A peak of deviation 0.1: even points seldom see it."""
    distance = np.linalg.norm(points - CENTER, axis=1)
    return 10.0 * np.exp(-50.0 * distance[:, None] ** 2) + 0.01


def model(geometry):
    return types.SimpleNamespace(
        problem=types.SimpleNamespace(geometry=geometry),
        evaluate_residuals=lambda points: {"residual": residual(points["residual"])},
    )


def near(points):
    return np.mean(np.linalg.norm(points - CENTER, axis=1) < 0.3)


def test_the_flow_finds_the_peak():
    sampler, points = Adversarial(), {"residual": CUBE.sample(600, 0), "other": np.zeros(3)}
    assert near(points["residual"]) < 0.03
    for epoch in (50, 100):
        chosen = sampler(model(CUBE), points, epoch)
    assert chosen["residual"].shape == (600, 3)
    assert chosen["other"] is points["other"]
    assert near(chosen["residual"][:300]) > 0.5  # 0.8 to 0.9
    assert near(chosen["residual"][300:]) < 0.05


def test_points_lie_inside_the_shape():
    ball = Ball((0.0, 0.0, 0.0), 1.0)
    chosen = Adversarial(steps=4)(model(ball), {"residual": ball.sample(100, 0)}, 50)
    assert len(chosen["residual"]) == 100
    assert ball.contains(chosen["residual"]).all()


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="`share` must be within"):
        Adversarial(share=1.5)
