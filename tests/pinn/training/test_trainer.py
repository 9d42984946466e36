import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.derivatives import value_and_gradient
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, PINN, ResidualAdaptive, dirichlet
from keras_solvers.training import LBFGS, Checkpoint, LevenbergMarquardt, SelfScaledBroyden

LINE = Box(x=(-1.0, 2.0))
PROBLEM = PDE(LINE, lambda x, u: u.xx + np.sin(3.0 * x.x), (dirichlet(0.0, weight=2.0),))


def untrained(optimizer, dtype="float32", width=5):
    keras.utils.set_random_seed(0)
    model = PINN(coordinate_mlp(1, width=width, depth=2, dtype=dtype), PROBLEM)
    if optimizer is not None:
        model.compile(optimizer)
    return model, PROBLEM.sample(40, 2)


def weights_of(model):
    return [ops.convert_to_numpy(v) for v in model.trainable_variables]


def test_a_sampler_is_asked_every_few_epochs():
    asked = []

    def sampler(model, points, epoch):
        asked.append(epoch)
        return {**points, "residual": points["residual"] * 0.99}

    sampler.every = 3
    model, points = untrained(LevenbergMarquardt())
    model.fit(points, 10, verbose=0, sampler=sampler)
    assert asked == [3, 6, 9]
    expected = np.asarray(points["residual"], "float32") * 0.99**3
    np.testing.assert_allclose(model.training_points["residual"], expected, rtol=1e-6)


@pytest.mark.parametrize("optimizer", [LevenbergMarquardt, SelfScaledBroyden, LBFGS])
def test_a_training_that_was_interrupted_goes_on_as_if_it_had_not_been(tmp_path, optimizer):
    def trained(epochs, path):
        model, points = untrained(optimizer(), "float64")
        saver, sampler = Checkpoint(path, every=4), ResidualAdaptive(every=4)
        first = saver.restore(model)
        model.fit(points, epochs, [saver], verbose=0, sampler=sampler, initial_epoch=first)
        return ops.convert_to_numpy(model(LINE.sample(9)))

    whole = trained(16, tmp_path / "whole.npz")
    trained(10, tmp_path / "cut.npz")  # saved at 8
    np.testing.assert_array_equal(trained(16, tmp_path / "cut.npz"), whole)


@pytest.mark.jax
def test_first_order_training_lowers_the_loss():
    model, points = untrained(keras.optimizers.Adam(1e-2))
    history = model.fit(points, epochs=60, verbose=0).history["loss"]
    assert len(history) == 60
    assert history[-1] < 0.2 * history[0]
    assert model.evaluate_loss(points) == pytest.approx(history[-1], rel=0.5)


@pytest.mark.jax
def test_a_compiled_step_is_that_of_the_optimizer_of_keras():
    model, points = untrained(keras.optimizers.Adam(1e-2, clipnorm=0.1))
    other, _ = untrained(None)
    optimizer = keras.optimizers.Adam(1e-2, clipnorm=0.1)
    rows = {name: ops.cast(part, "float32") for name, part in points.items()}

    def loss(rows):
        squares = {name: ops.mean(ops.square(r)) for name, r in other.residuals(rows).items()}
        return squares["residual"] + 2.0 * squares["condition 0"]

    by_hand = value_and_gradient(loss, other.trainable_variables)
    for step in range(3):
        value, gradient = by_hand(rows)
        optimizer.apply(gradient, other.trainable_variables)
        history = model.fit(points, step + 1, initial_epoch=step, verbose=0).history
        assert history["loss"][0] == pytest.approx(float(value), rel=1e-5)
    for one, expected in zip(weights_of(model), weights_of(other), strict=True):
        np.testing.assert_allclose(one, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.jax
@pytest.mark.parametrize("optimizer", ["adam", LevenbergMarquardt()])
def test_frozen_layers_stay(optimizer):
    model, points = untrained(None)
    frozen = model.network.layers[1]
    frozen.trainable, before = False, frozen.get_weights()
    model.compile(optimizer)
    history = model.fit(points, 3, verbose=0).history["loss"]
    assert history[-1] < history[0]
    np.testing.assert_array_equal(frozen.get_weights()[0], before[0])


class Begun(keras.callbacks.Callback):
    times = 0

    def on_train_begin(self, logs=None):
        self.times += 1


@pytest.mark.jax
def test_callbacks_of_keras_see_one_training():
    """With points that change: the rate of each epoch counts, and patience is kept."""
    model, points = untrained("adam")
    begun, rates = Begun(), keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.0)
    patience = keras.callbacks.EarlyStopping("loss", min_delta=1e9, patience=5)
    before = weights_of(model)
    sampler = ResidualAdaptive(every=2)
    history = model.fit(points, 100, [begun, rates, patience], verbose=0, sampler=sampler)
    assert begun.times == 1
    assert history.epoch == [0, 1, 2, 3, 4, 5]
    assert model.stop_reason == "stopped by a callback"
    for one, expected in zip(weights_of(model), before, strict=True):
        np.testing.assert_array_equal(one, expected)


@pytest.mark.jax
def test_training_ends_in_words():
    keras.utils.set_random_seed(0)
    problem = PDE(LINE, lambda x, u: u - 1.0)
    model = PINN(coordinate_mlp(1, width=2, depth=1), problem)
    model.compile(LevenbergMarquardt(tolerance=1e-8))
    model.fit(problem.sample(10), epochs=100, verbose=0)
    assert model.stop_reason == "the loss is below the tolerance"
    model.compile(LevenbergMarquardt())
    model.fit(problem.sample(10), epochs=1, verbose=0)
    assert model.stop_reason == "all 1 steps were done"
    model.compile(keras.optimizers.SGD(1e30))
    model.fit(problem.sample(10), epochs=9, verbose=0)
    assert model.stop_reason == "the loss is not finite"


def test_points_of_another_problem_are_refused():
    model, points = untrained(LevenbergMarquardt())
    with pytest.raises(ValueError, match="condition 0"):
        model.fit({"residual": np.ones((3, 1))})
    bad = {"residual": np.full((3, 1), np.nan), "condition 0": np.ones((2, 2))}
    with pytest.raises(ValueError, match="must be finite"):
        model.fit(bad)
    model, points = untrained(None)
    with pytest.raises(ValueError, match=r"Call `compile\(optimizer\)`"):
        model.fit(points)
