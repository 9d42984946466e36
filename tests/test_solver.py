import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers import NeuralSolver, RootProblem, compiled
from keras_solvers.problems import SparseCoding


def problem():
    return SparseCoding(np.eye(4), penalty=0.5)


def dense():
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(4, kernel_initializer="zeros")])


def test_loss_is_the_mean_objective_plus_regularisation():
    network = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(
                4, kernel_initializer="ones", kernel_regularizer=keras.regularizers.L2(0.1)
            ),
        ]
    )
    solver = NeuralSolver(network, problem())
    solver.compile("sgd")
    x = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
    expected = ops.mean(problem().objective(x, network(x))) + 0.1 * 16
    assert solver.evaluate(x, verbose=0) == pytest.approx(float(expected), rel=1e-5)


def test_training_without_labels_finds_the_closed_form():
    # For the identity as dictionary the optimum is the soft threshold; a bias-free linear map
    # of positive inputs around 2 that lowers the objective must approach y = x - penalty.
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).uniform(1.9, 2.1, size=(512, 4)).astype("float32")
    solver = NeuralSolver(dense(), problem())
    solver.compile(keras.optimizers.Adam(0.02))
    solver.fit(x, epochs=60, verbose=0)
    assert abs(np.mean(solver.predict(x, verbose=0)) - 1.5) < 0.02


def test_saved_solver_keeps_network_and_problem(tmp_path):
    solver = NeuralSolver(dense(), problem())
    solver.compile("adam")
    x = np.ones((2, 4), "float32")
    solver.fit(x, verbose=0)
    solver.save(tmp_path / "solver.keras")
    loaded = keras.saving.load_model(tmp_path / "solver.keras")
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), solver.predict(x, verbose=0))
    np.testing.assert_array_equal(loaded.problem.dictionary, np.eye(4))
    assert loaded.problem.penalty == 0.5


def test_problem_must_be_a_problem():
    with pytest.raises(TypeError, match="problem"):
        NeuralSolver(dense(), "mse")


def test_compiled_solver_answers_as_the_eager_one():
    x = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    run = compiled(lambda x: 2.0 * x + 1.0)
    np.testing.assert_allclose(run(x), 2.0 * x + 1.0, rtol=1e-6)
    assert isinstance(run(x), np.ndarray)


def test_root_problem_objective_is_half_the_squared_residual():
    class Line(RootProblem):
        def sample(self, num_samples, seed):
            return keras.random.uniform((num_samples, 3), seed=seed)

        def residual(self, x, y):
            return y - 2.0 * x

    x = ops.ones((2, 3))
    np.testing.assert_allclose(Line().objective(x, ops.zeros((2, 3))), [6.0, 6.0])
