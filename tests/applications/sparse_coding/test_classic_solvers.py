import itertools

import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers.classic import FISTA, ISTA, CoordinateDescent
from keras_solvers.problems import SparseCoding


def problem(signal_dim=30, num_atoms=60, penalty=0.1):
    dictionary = np.random.default_rng(0).normal(size=(signal_dim, num_atoms))
    return SparseCoding(dictionary / np.linalg.norm(dictionary, axis=0), penalty)


def signals(count=20):
    return ops.convert_to_numpy(problem().sample(count, seed=7))


def gap(solver, x):
    """Mean objective above the optimum, in float64 by NumPy."""
    p = problem()

    def objective(y):
        y = np.asarray(ops.convert_to_numpy(y), dtype="float64")
        misfit = np.sum(np.square(x - y @ p.dictionary.T), axis=1)
        return np.mean(0.5 * misfit + p.penalty * np.sum(np.abs(y), axis=1))

    return objective(solver(x)) - objective(CoordinateDescent(p)(x))


def test_ista_gap_falls_like_one_over_k_and_never_rises():
    x = signals()
    gaps = [gap(ISTA(problem(), k), x) for k in (0, 1, 2, 4, 8, 16, 32, 64, 128)]
    assert all(fine < coarse for coarse, fine in itertools.pairwise(gaps))
    # Theorem 3.1 of Beck and Teboulle: L |y*|^2 / (2 k).
    best = CoordinateDescent(problem())(x)
    bound = 0.5 * problem().lipschitz * np.mean(np.sum(np.square(best), axis=1))
    assert all(g <= bound / k for g, k in zip(gaps[1:], (1, 2, 4, 8, 16, 32, 64, 128)))


def test_fista_meets_its_bound_and_beats_ista():
    x = signals()
    best = CoordinateDescent(problem())(x)
    bound = 2.0 * problem().lipschitz * np.mean(np.sum(np.square(best), axis=1))
    for k in (8, 32, 128):
        plain = gap(FISTA(problem(), k, restart=False), x)
        assert plain <= bound / (k + 1) ** 2  # theorem 4.4 of Beck and Teboulle
        assert plain < gap(ISTA(problem(), k), x)


def test_restart_converges_to_rounding():
    x = signals()
    assert gap(FISTA(problem(), 400), x) < 1e-5
    assert gap(FISTA(problem(), 400), x) <= gap(FISTA(problem(), 400, restart=False), x) + 1e-6


def test_coordinate_descent_meets_the_optimality_conditions_in_float64():
    p = problem()
    x = signals().astype("float64")
    y = CoordinateDescent(p)(x)
    assert y.dtype == np.float64
    gradient = (x - y @ p.dictionary.T) @ p.dictionary
    violation = np.where(
        y != 0, abs(gradient - p.penalty * np.sign(y)), np.maximum(abs(gradient) - p.penalty, 0)
    )
    assert violation.max() < 1e-6 * p.penalty


def test_threads_do_not_change_the_answer():
    x = signals()
    one, three = (CoordinateDescent(problem(), num_threads=k)(x) for k in (1, 3))
    # Sums of another block size may round in another order.
    np.testing.assert_allclose(one, three, rtol=1e-8, atol=1e-10)


def test_one_sweep_is_less_than_many():
    x = signals()
    assert gap(CoordinateDescent(problem(), 1), x) > gap(CoordinateDescent(problem(), 5), x) > 0


def test_zero_iterations_return_the_initial_guess():
    x = signals()
    guess = keras.random.normal((len(x), 60), seed=0)
    for solver in (ISTA, FISTA):
        np.testing.assert_array_equal(solver(problem(), 0, initial_guess=lambda _: guess)(x), guess)


def test_good_initial_guess_saves_iterations():
    x = signals()
    near = CoordinateDescent(problem(), 10)
    for make in (ISTA, FISTA):
        assert gap(make(problem(), 10, initial_guess=near), x) < 0.5 * gap(make(problem(), 10), x)


@pytest.mark.parametrize(
    "solver", [ISTA(problem(), 3), FISTA(problem(), 3), CoordinateDescent(problem())]
)
def test_wrong_signal_shape_is_named(solver):
    with pytest.raises(ValueError, match=r"\(batch, 30\)"):
        solver(np.ones((4, 31), "float32"))


@pytest.mark.parametrize("iterations", [-1, 2.5, "many"])
def test_wrong_number_of_iterations_is_named(iterations):
    with pytest.raises(ValueError, match="num_iterations"):
        FISTA(problem(), iterations)


def test_coordinate_descent_names_bad_numbers():
    x = signals(3)
    with pytest.raises(ValueError, match="empty"):
        CoordinateDescent(problem())(x[:0])
    x[1, 2] = np.nan
    with pytest.raises(ValueError, match="1 NaN or infinite"):
        CoordinateDescent(problem())(x)


def test_empty_batch_has_empty_codes():
    assert tuple(FISTA(problem(), 3)(signals(2)[:0]).shape) == (0, 60)
