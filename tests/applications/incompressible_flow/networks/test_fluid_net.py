import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers import NeuralSolver
from keras_solvers.classic import ConjugateGradient, DampedJacobi
from keras_solvers.models import fluid_net
from keras_solvers.problems import PressureProjection

PROBLEM = PressureProjection((16, 16), max_obstacles=2)


def residuals(problem, x, y):
    return ops.convert_to_numpy(problem.relative_residual(x, y))


def assert_close(y, expected):
    """Equal to the rounding of float32 in a few hundred operations."""
    np.testing.assert_allclose(y, expected, rtol=0.0, atol=1e-5 * np.max(np.abs(expected)))


@pytest.fixture
def network():
    keras.utils.set_random_seed(0)
    return fluid_net(PROBLEM)


@pytest.fixture(scope="module")
def x():
    return ops.convert_to_numpy(PROBLEM.sample(4, seed=0))


def test_the_answer_is_in_proportion_to_the_divergence(network, x):
    y = network.predict_on_batch(x)
    twice = np.float32([2.0, 1.0]) * x
    np.testing.assert_array_equal(network.predict_on_batch(twice), 2.0 * y)  # exact in binary
    assert_close(network.predict_on_batch(np.float32([1e-6, 1.0]) * x), 1e-6 * y)
    assert_close(network.predict_on_batch(np.float32([0.0, 1.0]) * x), 0.0 * y)


def test_what_flows_inside_solids_does_not_matter(network, x):
    inside = x + np.float32([5.0, 0.0]) * (1.0 - x[..., 1:])
    assert_close(network.predict_on_batch(inside), network.predict_on_batch(x))


def test_a_periodic_flow_may_begin_anywhere():
    problem = PressureProjection((16, 16), "periodic", max_obstacles=2)
    network = fluid_net(problem, num_banks=3)
    x = ops.convert_to_numpy(problem.sample(2, seed=0))
    shift = (4, -8)  # multiples of the coarsest cell
    moved = network.predict_on_batch(np.roll(x, shift, axis=(1, 2)))
    assert_close(moved, np.roll(network.predict_on_batch(x), shift, axis=(1, 2)))


def test_an_open_side_is_told_from_a_closed_one():
    sides = (("closed", "open"), ("closed", "closed"))
    network = fluid_net(PressureProjection((16, 16), sides), num_banks=1)
    x = np.ones((1, 16, 16, 2), "float32")
    y = network.predict_on_batch(x)[0, ..., 0]
    other = fluid_net(PROBLEM, num_banks=1)
    other.set_weights(network.get_weights())
    closed = other.predict_on_batch(x)[0, ..., 0]
    assert_close(y[:8], closed[:8])  # farther away than the network sees
    assert np.abs(y[-1] - closed[-1]).max() > 1e-3


@pytest.mark.parametrize("cells", [(24, 40), (13, 18)])
def test_weights_fit_any_number_of_cells(network, cells):
    problem = PressureProjection(cells)
    fixed, free = fluid_net(problem), fluid_net(problem, cells=(None, None))
    x = ops.convert_to_numpy(problem.sample(2, seed=0))
    for other in (fixed, free):
        other.set_weights(network.get_weights())
    y = fixed.predict_on_batch(x)
    assert y.shape == (2, *cells, 1)
    assert_close(free.predict_on_batch(x), y)


def test_three_dimensions():
    problem = PressureProjection((8, 6, 8), "periodic", max_obstacles=1)
    network = fluid_net(problem, num_banks=2, width=4)
    x = ops.convert_to_numpy(problem.sample(2, seed=0))
    y = network.predict_on_batch(x)
    assert y.shape == (2, 8, 6, 8, 1)
    moved = network.predict_on_batch(np.roll(x, 2, axis=2))
    assert_close(moved, np.roll(y, 2, axis=2))


def test_trained_without_labels_it_projects_and_helps_classic_solvers(network):
    solver = NeuralSolver(network, PROBLEM)
    solver.compile(keras.optimizers.Adam(0.01))
    train, new = (ops.convert_to_numpy(PROBLEM.sample(n, seed=n)) for n in (256, 4))
    solver.fit(train, batch_size=8, epochs=4, verbose=0)
    y = network.predict_on_batch(new)
    assert np.mean(residuals(PROBLEM, new, y)) < 0.5  # zero leaves 1
    smoothed, from_zero = (
        DampedJacobi(PROBLEM, 5, initial_guess=guess)(new) for guess in (lambda _: y, None)
    )
    smoothed, from_zero = (residuals(PROBLEM, new, p) for p in (smoothed, from_zero))
    assert np.mean(smoothed) < 0.7 * np.mean(from_zero)
    method = ConjugateGradient(PROBLEM, 100, 1e-4, preconditioner=network, num_previous=2)
    certified = method(new)
    assert np.all(residuals(PROBLEM, new, certified) <= 1e-4)


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="num_banks"):
        fluid_net(PROBLEM, 0)
