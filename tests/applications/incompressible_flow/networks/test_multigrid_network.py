import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers import NeuralSolver
from keras_solvers.classic import ConjugateGradient, Multigrid
from keras_solvers.models import multigrid_network
from keras_solvers.problems import PressureProjection

PROBLEM = PressureProjection((16, 16), max_obstacles=2)


def mean_residual(problem, network, x):
    y = network.predict_on_batch(x)
    return float(np.mean(ops.convert_to_numpy(problem.relative_residual(x, y))))


def assert_close(y, expected):
    """Equal to the rounding of float32 in a few hundred operations."""
    np.testing.assert_allclose(y, expected, rtol=0.0, atol=1e-5 * np.max(np.abs(expected)))


@pytest.mark.parametrize("num_cycles", [1, 2])
def test_untrained_it_is_multigrid(num_cycles):
    x = ops.convert_to_numpy(PROBLEM.sample(3, seed=0))
    network = multigrid_network(PROBLEM, num_cycles, num_smoothings=2)
    classic = Multigrid(PROBLEM, num_cycles, num_smoothings=2)(x)
    assert_close(network.predict_on_batch(x), ops.convert_to_numpy(classic))


def test_linear_in_the_divergence():
    x = ops.convert_to_numpy(PROBLEM.sample(2, seed=0))
    network = multigrid_network(PROBLEM)
    network.set_weights([1.0 + 0.2 * np.sin(np.arange(8.0)).reshape(2, 4)])
    scaled = np.concatenate([1000.0 * x[..., :1], x[..., 1:]], axis=-1)
    assert_close(network.predict_on_batch(scaled), 1000.0 * network.predict_on_batch(x))


def test_trained_without_labels_it_beats_the_cycle_it_began_as_on_other_grids_too():
    keras.utils.set_random_seed(0)
    network = multigrid_network(PROBLEM)
    x = ops.convert_to_numpy(PROBLEM.sample(64, seed=0))
    solver = NeuralSolver(network, PROBLEM)
    solver.compile(keras.optimizers.Adam(0.03))
    larger = PressureProjection((32, 48), max_obstacles=2)
    new, new_larger = (ops.convert_to_numpy(p.sample(8, seed=1)) for p in (PROBLEM, larger))
    wide = multigrid_network(PROBLEM, cells=larger.cells)
    before = mean_residual(PROBLEM, network, new), mean_residual(larger, wide, new_larger)
    solver.fit(x, batch_size=16, epochs=20, verbose=0)
    wide.set_weights(network.get_weights())
    assert mean_residual(PROBLEM, network, new) < 0.6 * before[0]
    assert mean_residual(larger, wide, new_larger) < 0.6 * before[1]


def test_preconditions_conjugate_gradients():
    x = ops.convert_to_numpy(PROBLEM.sample(2, seed=0))
    network = multigrid_network(PROBLEM)
    network.set_weights([1.0 + 0.3 * np.sin(np.arange(8.0)).reshape(2, 4)])
    y = ConjugateGradient(PROBLEM, 20, 1e-4, preconditioner=network)(x)
    assert np.all(ops.convert_to_numpy(PROBLEM.relative_residual(x, y)) <= 1e-4)


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="num_cycles"):
        multigrid_network(PROBLEM, 0)
    with pytest.raises(ValueError, match="num_smoothings"):
        multigrid_network(PROBLEM, num_smoothings=0)
