import itertools

import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers import NeuralSolver
from keras_solvers.applications.incompressible_flow import RandomSymmetry
from keras_solvers.applications.incompressible_flow.random_symmetry import generators, moved
from keras_solvers.models import fluid_net
from keras_solvers.problems import PressureProjection

CHANNEL = (("closed", "open"), ("closed", "closed"))
TALL_CHANNEL = (("periodic", "periodic"), ("closed", "open"), ("periodic", "periodic"))


@pytest.mark.parametrize(
    ("cells", "sides"), [((8, 8), "closed"), ((8, 8), CHANNEL), ((4, 6, 4), TALL_CHANNEL)]
)
def test_the_objective_does_not_change(cells, sides):
    problem = PressureProjection(cells, sides)
    x = problem.sample(3, seed=0)
    y = keras.random.normal((3, *cells, 1), seed=1)
    before = ops.convert_to_numpy(problem.objective(x, y))
    moves = generators(problem.sides, cells)
    for chosen in itertools.product([False, True], repeat=len(moves)):
        masks = [np.array([c, False, not c]) for c in chosen]
        after = problem.objective(moved(x, moves, masks), moved(y, moves, masks))
        np.testing.assert_allclose(ops.convert_to_numpy(after), before, rtol=1e-5)  # float32


@pytest.mark.parametrize(("num_axes", "num_symmetries"), [(2, 8), (3, 48)])
def test_all_symmetries_of_square_and_cube_are_drawn(num_axes, num_symmetries):
    cells = (3,) * num_axes
    array = np.arange(3.0**num_axes).reshape(1, *cells, 1)
    moves = generators(PressureProjection(cells).sides, cells)
    results = set()
    for chosen in itertools.product([False, True], repeat=len(moves)):
        result = moved(array, moves, [np.array([c]) for c in chosen])
        results.add(tuple(ops.convert_to_numpy(result).ravel()))
    assert len(results) == num_symmetries


def test_the_answer_is_moved_back():
    network = keras.Sequential([keras.Input((6, 6, 2)), keras.layers.Conv2D(1, 1)])
    model = RandomSymmetry(network, seed=0)
    x = np.random.default_rng(0).normal(size=(8, 6, 6, 2)).astype("float32")
    # What sees one cell at a time does not notice how the cells are arranged.
    np.testing.assert_allclose(model(x, training=True), network(x), atol=1e-6)


def test_outside_training_it_is_the_network_and_it_is_saved(tmp_path):
    network = keras.Sequential([keras.Input((6, 6, 2)), keras.layers.Conv2D(1, 3, padding="same")])
    model = RandomSymmetry(network, "closed", seed=0)
    x = np.random.default_rng(0).normal(size=(8, 6, 6, 2)).astype("float32")
    y = model.predict_on_batch(x)
    np.testing.assert_array_equal(y, network.predict_on_batch(x))
    assert np.abs(ops.convert_to_numpy(model(x, training=True)) - y).max() > 0.1
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict_on_batch(x), y)


def test_trains_the_network_inside():
    problem = PressureProjection((8, 8), max_obstacles=1)
    network = fluid_net(problem, 1, width=4)
    before = network.get_weights()
    solver = NeuralSolver(RandomSymmetry(network, problem.sides, seed=0), problem)
    solver.compile(keras.optimizers.Adam(0.01))
    history = solver.fit(problem.sample(32, seed=0), batch_size=8, epochs=3, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]
    assert any((a != b).any() for a, b in zip(before, network.get_weights()))
