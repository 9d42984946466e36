"""Learned ISTA: what it is before training, and its analytic weights."""

import keras
import numpy as np
import pytest

from keras_solvers.applications.sparse_coding import analytic_weights
from keras_solvers.classic import ISTA
from keras_solvers.models import alista, lista
from keras_solvers.problems import SparseCoding
from keras_solvers.solver import NeuralSolver

VARIANTS = [
    {},
    {"tied": True},
    {"inhibition": True},
    {"inhibition": True, "tied": True},
    {"train_decoder": True, "momentum": True},
    {"scalar_threshold": True},
]


@pytest.fixture(scope="module")
def problem():
    dictionary = np.random.default_rng(0).normal(size=(50, 100))
    return SparseCoding(dictionary / np.linalg.norm(dictionary, axis=0), penalty=0.1)


@pytest.fixture
def float64():
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize("variant", VARIANTS)
def test_untrained_network_is_ista(problem, variant):
    x = keras.ops.convert_to_numpy(problem.sample(20, seed=0))
    y = lista(problem, 16, **variant).predict(x, verbose=0)
    # 16 steps of sums of 100 products of order 1, each rounded to 6e-8.
    np.testing.assert_allclose(y, ISTA(problem, 16)(x), atol=1e-5)


@pytest.mark.parametrize("variant", VARIANTS)
def test_untrained_network_is_ista_in_double_precision(problem, variant, float64):
    x = keras.ops.convert_to_numpy(problem.sample(20, seed=0))
    y = lista(problem, 16, **variant).predict(x, verbose=0)
    assert y.dtype == "float64"
    np.testing.assert_allclose(y, ISTA(problem, 16)(x), atol=1e-13)


@pytest.mark.parametrize(
    ("variant", "num_trainable"),
    [
        ({"inhibition": True, "tied": True}, 50 * 100 + 100 * 100 + 16 * 100),
        ({"inhibition": True}, 16 * (50 * 100 + 100) + 15 * 100 * 100),
        ({"tied": True}, 50 * 100 + 16 * 100),
        ({}, 16 * (50 * 100 + 100)),
        ({"train_decoder": True, "momentum": True}, 16 * (50 * 100 + 100) + 15 * (50 * 100 + 1)),
    ],
)
def test_number_of_learned_weights(problem, variant, num_trainable):
    weights = lista(problem, 16, **variant).trainable_weights
    assert sum(np.prod(weight.shape) for weight in weights) == num_trainable


def test_analytic_network_learns_two_numbers_a_layer(problem):
    weights = alista(problem, 16).trainable_weights
    assert sum(np.prod(weight.shape) for weight in weights) == 32


def test_training_lowers_the_objective(problem):
    x = keras.ops.convert_to_numpy(problem.sample(512, seed=0))
    network = lista(problem, 4, train_decoder=True, momentum=True)
    solver = NeuralSolver(network, problem)
    solver.compile("adam")
    before = solver.evaluate(x, verbose=0)
    solver.fit(x, epochs=5, verbose=0)
    assert solver.evaluate(x, verbose=0) < 0.9 * before


@pytest.mark.parametrize("tied", [False, True])
def test_codes_are_float32_under_mixed_precision(problem, tied):
    keras.config.set_dtype_policy("mixed_float16")
    try:
        network = lista(problem, 3, tied=tied, train_decoder=True, momentum=True)
    finally:
        keras.config.set_dtype_policy("float32")
    x = keras.ops.convert_to_numpy(problem.sample(20, seed=0))
    y = keras.ops.convert_to_numpy(network(x))
    assert y.dtype == "float32"
    # Three steps of sums of 100 products of order 1 / L, in half precision.
    np.testing.assert_allclose(y, ISTA(problem, 3)(x), atol=2e-3)


@pytest.mark.parametrize("build", [lista, alista])
def test_loaded_network_gives_the_same_codes(problem, build, tmp_path):
    x = keras.ops.convert_to_numpy(problem.sample(20, seed=0))
    network = build(problem, 3, momentum=True, support_shares=[0.01, 0.02, 0.03])
    network.save(tmp_path / "lista.keras")
    loaded = keras.saving.load_model(tmp_path / "lista.keras")
    np.testing.assert_array_equal(loaded(x), network(x))


def test_analytic_weights_have_unit_diagonal_and_least_norm(problem):
    dictionary = problem.dictionary
    weights = analytic_weights(dictionary)
    product = weights.T @ dictionary
    np.testing.assert_allclose(np.diag(product), 1.0, atol=1e-12)
    # Any change of W that keeps the diagonal makes the norm larger.
    change = np.random.default_rng(1).normal(size=dictionary.shape)
    change -= np.sum(change * dictionary, axis=0) * dictionary
    for size in (-0.01, 0.01):
        assert np.linalg.norm((weights + size * change).T @ dictionary) > np.linalg.norm(product)


def test_analytic_weights_are_less_coherent_than_the_dictionary(problem):
    identity = np.eye(100)
    coherence = np.abs(problem.dictionary.T @ problem.dictionary - identity).max()
    generalised = np.abs(analytic_weights(problem.dictionary).T @ problem.dictionary - identity)
    assert generalised.max() < coherence


def test_analytic_weights_of_a_dictionary_without_full_rank():
    dictionary = np.random.default_rng(0).normal(size=(10, 30))
    dictionary -= dictionary.mean(axis=0)  # as for patches without their mean
    product = analytic_weights(dictionary).T @ dictionary
    np.testing.assert_allclose(np.diag(product), 1.0, atol=1e-12)


@pytest.mark.parametrize("wrong", [{"num_layers": 0}, {"num_layers": 2, "support_shares": [0.1]}])
@pytest.mark.parametrize("build", [lista, alista])
def test_wrong_numbers_of_layers_are_refused(problem, build, wrong):
    with pytest.raises(ValueError, match="Received"):
        build(problem, **wrong)
