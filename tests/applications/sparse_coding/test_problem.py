import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers.classic import CoordinateDescent
from keras_solvers.problems import SparseCoding


def scalar_problem():
    """One atom of length one: the code is the soft-thresholded signal, in closed form."""
    return SparseCoding(np.array([[1.0]]), penalty=0.5)


def random_problem(signal_dim=20, num_atoms=40, penalty=0.1, seed=0):
    dictionary = np.random.default_rng(seed).normal(size=(signal_dim, num_atoms))
    return SparseCoding(dictionary / np.linalg.norm(dictionary, axis=0), penalty)


def test_objective_is_half_the_misfit_plus_the_penalty():
    problem = SparseCoding(np.eye(2), penalty=0.1)
    objective = problem.objective(np.array([[3.0, 0.0]]), np.array([[1.0, -2.0]]))
    # 1/2 (2^2 + 2^2) + 0.1 (1 + 2)
    np.testing.assert_allclose(objective, [4.3], rtol=1e-6)


def test_optimality_gap_of_the_closed_form_is_zero():
    x = np.array([[2.0], [0.3], [-0.7]])
    y = np.array([[1.5], [0.0], [-0.2]])
    problem = scalar_problem()
    np.testing.assert_allclose(problem.optimality_gap(x, y), 0.0, atol=1e-6)
    np.testing.assert_allclose(problem.duality_gap(x, y), 0.0, atol=1e-6)


def test_optimality_gap_measures_the_violation():
    problem = scalar_problem()
    # The gradient at zero is 2: 1.5 more than the penalty may hold.
    np.testing.assert_allclose(problem.optimality_gap([[2.0]], ops.zeros((1, 1))), [1.5])
    # A code of the wrong sign: gradient 3, subgradient -0.5.
    np.testing.assert_allclose(problem.optimality_gap([[2.0]], -ops.ones((1, 1))), [3.5])


def test_duality_gap_bounds_the_objective_gap():
    problem = random_problem()
    x = ops.convert_to_numpy(problem.sample(50, seed=0))
    best = problem.objective(x, ops.cast(CoordinateDescent(problem)(x), "float32"))
    for scale in (0.0, 0.01, 0.3):
        y = scale * keras.random.normal((50, 40), seed=1)
        gap = ops.convert_to_numpy(problem.objective(x, y) - best)
        bound = ops.convert_to_numpy(problem.duality_gap(x, y))
        assert (bound >= gap - 1e-5).all()


def test_codes_have_the_density_and_explain_the_signals():
    problem = random_problem()
    codes = ops.convert_to_numpy(problem.sample_codes(2000, seed=5))
    # 80,000 Bernoulli draws of 0.1: one standard deviation is 0.001.
    assert abs(np.mean(codes != 0) - 0.1) < 0.005
    np.testing.assert_allclose(
        problem.sample(2000, seed=5), codes @ problem.dictionary.T, rtol=1e-4, atol=1e-5
    )


def test_lipschitz_bounds_the_curvature():
    problem = random_problem()
    largest = np.linalg.eigvalsh(problem.dictionary.T @ problem.dictionary)[-1]
    assert largest < problem.lipschitz < 1.01 * largest


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.ones(3), 0.1), "matrix"),
        ((np.ones((0, 3)), 0.1), "matrix"),
        ((np.full((2, 3), np.nan), 0.1), "finite"),
        ((np.eye(2), 0.0), "penalty"),
        ((np.eye(2), float("nan")), "penalty"),
        ((np.eye(2), 0.1, 0.0), "density"),
    ],
)
def test_wrong_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        SparseCoding(*arguments)


def test_dictionary_cannot_be_changed():
    problem = random_problem()
    with pytest.raises(ValueError, match="read-only"):
        problem.dictionary[0, 0] = 1.0
