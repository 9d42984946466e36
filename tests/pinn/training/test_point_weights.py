"""A weight for each point ascends where the network is wrong, and follows its point."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers import PINN
from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, ResidualAdaptive, SelfAdaptivePoints, dirichlet
from keras_solvers.training import Checkpoint, LevenbergMarquardt

pytestmark = pytest.mark.jax

STRIP = Box(x=(-1.0, 1.0), t=(0.0, 0.2))


def step(x):
    return np.tanh(20.0 * x.x)


PROBLEM = PDE(
    STRIP,
    lambda x, u: u.t + u.x,  # what is steep moves
    (dirichlet(step, lambda x: x.t == 0.0), dirichlet(-1.0, lambda x: x.x == -1.0)),
)


def untrained(optimizer, width=8):
    keras.utils.set_random_seed(0)
    model = PINN(coordinate_mlp(2, width=width, depth=2, bounds=STRIP.bounds), PROBLEM)
    model.compile(optimizer)
    return model, PROBLEM.sample(60, 30)


@pytest.mark.parametrize("optimizer", [lambda: keras.optimizers.SGD(1e-30), LevenbergMarquardt])
def test_weights_ascend(optimizer):
    model, points = untrained(optimizer())
    residuals = model.residuals({n: ops.cast(rows, "float32") for n, rows in points.items()})
    first = {n: ops.convert_to_numpy(r)[:, 0] for n, r in residuals.items()}
    model.weigh_points(points)
    history = model.fit(points, 1, callbacks=[SelfAdaptivePoints(rate=3.0)], verbose=0)
    loss = 0.0
    for name, rows in model.training_points.items():
        np.testing.assert_allclose(rows[:, :-1], points[name], atol=1e-6)
        np.testing.assert_allclose(rows[:, -1], 1.0 + 3.0 * first[name] ** 2, rtol=1e-4)
        loss += np.mean(rows[:, -1] * first[name] ** 2)
    if isinstance(
        model.optimizer, keras.optimizers.Optimizer
    ):  # the loss before its step: weights count in it
        assert history.history["loss"][0] == pytest.approx(loss, rel=1e-4)


def test_all_optimizers_see_the_same_loss():
    model, points = untrained(keras.optimizers.SGD(1e-30))
    model.weigh_points(points)
    model.fit(points, 3, callbacks=[SelfAdaptivePoints(rate=10.0)], verbose=0)
    system = model.least_squares(model.training_points)
    loss, gradient = system.loss_and_gradient()
    linear_loss, half_gradient, _ = system.normal_equations()
    assert system.loss() == pytest.approx(loss, rel=1e-5)
    assert linear_loss == pytest.approx(loss, rel=1e-5)
    np.testing.assert_allclose(
        2.0 * half_gradient, gradient, rtol=1e-3, atol=1e-4 * abs(gradient).max()
    )
    last = model.fit(points, 4, initial_epoch=3, verbose=0).history["loss"][0]
    assert last == pytest.approx(loss, rel=1e-5)


def test_new_points_take_the_weight_of_their_neighbours():
    model, points = untrained(keras.optimizers.SGD(1e-30))
    model.weigh_points(points)
    grown = SelfAdaptivePoints(every=100, rate=10.0)
    model.fit(points, 1, callbacks=[grown], verbose=0)
    old = {name: rows.copy() for name, rows in model.training_points.items()}
    model.fit(points, 3, initial_epoch=2, sampler=ResidualAdaptive(every=2), verbose=0)
    new = model.training_points
    np.testing.assert_array_equal(new["condition 0"], old["condition 0"])
    far = np.linalg.norm(new["residual"][:, None, :2] - old["residual"][None, :, :2], axis=-1)
    np.testing.assert_array_equal(new["residual"][:, 2], old["residual"][far.argmin(1), 2])
    assert far.min(1).max() > 0.0


def test_a_killed_training_ends_with_the_same_weights(tmp_path):
    def trained(path, epochs, *, kill=None):
        model, points = untrained(keras.optimizers.Adam(3e-3), width=4)
        model.weigh_points(points)
        saver = Checkpoint(path, every=4)
        model.fit(
            points,
            kill or epochs,
            [SelfAdaptivePoints(), saver],
            verbose=0,
            sampler=ResidualAdaptive(every=4),
            initial_epoch=saver.restore(model),
        )
        return model

    whole = trained(tmp_path / "whole.npz", 12)
    trained(tmp_path / "killed.npz", 12, kill=8)
    resumed = trained(tmp_path / "killed.npz", 12)
    for one, other in zip(whole.variables, resumed.variables, strict=True):
        np.testing.assert_array_equal(ops.convert_to_numpy(one), ops.convert_to_numpy(other))


def test_a_steep_start_is_met_better():
    x = np.linspace(-1.0, 1.0, 401)
    errors = []
    for callbacks in ([], [SelfAdaptivePoints(every=5, rate=5.0)]):
        model, points = untrained(keras.optimizers.Adam(3e-3), width=20)
        model.weigh_points(points)
        model.fit(points, 1500, callbacks, verbose=0)
        found = ops.convert_to_numpy(model(np.stack([x, 0.0 * x], 1).astype("float32")))[:, 0]
        errors.append(np.abs(found - np.tanh(20.0 * x)).max())
    assert errors[1] < 0.5 * errors[0]  # 0.021 and 0.114


def test_mistakes_are_named():
    model, points = untrained("adam", width=4)
    with pytest.raises(ValueError, match="`rate` must be positive"):
        SelfAdaptivePoints(rate=0.0)
    with pytest.raises(ValueError, match=r"call `model[.]weigh_points"):
        model.fit(points, 1, [SelfAdaptivePoints()], verbose=0)
    model.weigh_points(points)
    with pytest.raises(ValueError, match=r"60 for `residual`[.] Received: 61"):
        model.fit(PROBLEM.sample(61, 30), 1, verbose=0)
