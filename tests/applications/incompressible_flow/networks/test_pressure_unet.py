import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers import NeuralSolver
from keras_solvers.classic import ConjugateGradient, DampedJacobi
from keras_solvers.models import pressure_unet
from keras_solvers.problems import PressureProjection

PROBLEM = PressureProjection((16, 16), max_obstacles=2)


def residuals(problem, x, y):
    return ops.convert_to_numpy(problem.relative_residual(x, y))


def assert_close(y, expected):
    """Equal to the rounding of float32 in a few hundred operations."""
    np.testing.assert_allclose(y, expected, rtol=0.0, atol=2e-5 * np.max(np.abs(expected)))


@pytest.fixture(scope="module")
def network():
    keras.utils.set_random_seed(0)
    return pressure_unet(PROBLEM)


def test_linear_in_the_divergence(network):
    x = ops.convert_to_numpy(PROBLEM.sample(2, seed=0))
    fluid = x[:1, ..., 1]
    a, b = x[..., 0]
    answers = [
        network.predict_on_batch(np.stack([d[None], fluid], axis=-1))
        for d in (a, b, 3.0 * a - 1e3 * b, 0.0 * a)
    ]
    assert_close(answers[2], 3.0 * answers[0] - 1e3 * answers[1])
    np.testing.assert_array_equal(answers[3], 0.0)


def test_every_cell_hears_of_every_cell(network):
    x = np.ones((2, 16, 16, 2), "float32")
    x[1, 0, 0, 0] = 2.0
    y = network.predict_on_batch(x)
    assert np.abs(y[1] - y[0])[-1, -1] > 0.0


def test_a_periodic_flow_may_begin_anywhere():
    problem = PressureProjection((16, 16), "periodic", max_obstacles=2)
    network = pressure_unet(problem, num_cycles=1)
    x = ops.convert_to_numpy(problem.sample(2, seed=0))
    shift = (4, -8)  # multiples of the cells of the coarsest of three levels
    moved = network.predict_on_batch(np.roll(x, shift, axis=(1, 2)))
    assert_close(moved, np.roll(network.predict_on_batch(x), shift, axis=(1, 2)))


def test_three_dimensions():
    problem = PressureProjection((6, 4, 6), max_obstacles=1)
    network = pressure_unet(problem, num_cycles=1, width=4, num_blocks=(1, 1), num_levels=2)
    solver = NeuralSolver(network, problem)
    solver.compile(keras.optimizers.Adam(0.01, global_clipnorm=1.0), run_eagerly=True)
    x = ops.convert_to_numpy(problem.sample(8, seed=0))
    first, *_, last = (solver.train_on_batch(x) for _ in range(5))
    assert last < first
    assert network.predict_on_batch(x).shape == (8, 6, 4, 6, 1)


def test_weights_fit_any_cells_levels_and_cycles(network):
    problem = PressureProjection((33, 50))
    large = pressure_unet(problem, num_cycles=1)  # five levels instead of three
    free = pressure_unet(problem, num_cycles=1, cells=(None, None))
    x = ops.convert_to_numpy(problem.sample(2, seed=0))
    for other in (large, free):
        other.set_weights(network.get_weights())
    assert_close(free.predict_on_batch(x), large.predict_on_batch(x))


def test_trained_without_labels_it_projects_on_other_grids_too_and_helps_classic_solvers():
    keras.utils.set_random_seed(0)
    network = pressure_unet(PROBLEM, num_cycles=1)
    solver = NeuralSolver(network, PROBLEM)
    # At first the answers of many layers are far too large: clipped, the steps are sensible.
    solver.compile(keras.optimizers.Adam(0.01, global_clipnorm=1.0))
    solver.fit(PROBLEM.sample(256, seed=0), batch_size=4, epochs=3, verbose=0)
    larger = PressureProjection((24, 29), max_obstacles=2)
    model = pressure_unet(PROBLEM, cells=larger.cells)  # two cycles instead of one
    model.set_weights(network.get_weights())
    x = ops.convert_to_numpy(larger.sample(4, seed=1))
    y = model.predict_on_batch(x)
    assert np.mean(residuals(larger, x, y)) < 0.3  # zero leaves 1
    smoothed = DampedJacobi(larger, 5, initial_guess=lambda _: y)(x)
    assert np.mean(residuals(larger, x, smoothed)) < 0.8 * np.mean(residuals(larger, x, y))
    method = ConjugateGradient(larger, 20, 1e-4, preconditioner=model, num_previous=2)
    certified = method(x)
    assert np.all(residuals(larger, x, certified) <= 1e-4)


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="num_cycles"):
        pressure_unet(PROBLEM, num_cycles=0)
    with pytest.raises(ValueError, match="num_levels"):
        pressure_unet(PROBLEM, num_levels=0)
