"""Against functions whose minimum is known, without a network."""

import itertools

import keras
import numpy as np
import pytest
from scipy.optimize import rosen, rosen_der

from keras_solvers.training import LBFGS, SelfScaledBroyden
from keras_solvers.training.second_order.optimizer import NO_DECREASE


class Function:
    """A function of a vector, with the interface of `LeastSquares`."""

    def __init__(self, value, gradient, start):
        self._value, self._gradient = value, gradient
        self.parameters = np.array(start, float)
        self.variables = [keras.Variable(self.parameters)]
        self.calls = 0

    def loss_and_gradient(self):
        self.calls += 1
        return float(self._value(self.parameters)), self._gradient(self.parameters)


def narrow(size=20, condition=1e4):
    """A quadratic function with these lengths of its axes."""
    rng = np.random.default_rng(0)
    axes = np.linalg.qr(rng.standard_normal((size, size)))[0]
    matrix = axes @ np.diag(np.geomspace(1.0, condition, size)) @ axes.T
    start = rng.standard_normal(size)
    return Function(lambda w: 0.5 * w @ matrix @ w, lambda w: matrix @ w, start)


def run(optimizer, function, steps):
    losses = []
    for _ in range(steps):
        loss, why = optimizer.step(function)
        losses.append(loss)
        if why is not None:
            break
    return losses, why


@pytest.mark.parametrize("make", [SelfScaledBroyden, LBFGS])
def test_the_minimum_of_a_narrow_valley_is_found(make):
    losses, _ = run(make(), narrow(), 200)
    assert losses[-1] < 1e-12 * losses[0]
    assert all(later < earlier for earlier, later in itertools.pairwise(losses))


@pytest.mark.parametrize("make", [SelfScaledBroyden, LBFGS])
def test_a_bent_valley_is_followed(make):
    function = Function(rosen, rosen_der, np.full(10, -1.0))
    losses, _ = run(make(tolerance=1e-20), function, 400)
    assert losses[-1] < 1e-18
    assert function.calls < 3 * len(losses)


def test_a_loss_below_the_tolerance_ends_the_training():
    losses, why = run(SelfScaledBroyden(tolerance=1e-3), narrow(), 200)
    assert losses[-1] <= 1e-3 < losses[-2]
    assert why == "the loss is below the tolerance"


@pytest.mark.parametrize("make", [SelfScaledBroyden, LBFGS])
def test_at_the_minimum_no_step_is_invented(make):
    function = narrow()
    function.parameters = np.zeros(20)
    assert run(make(), function, 5) == ([0.0], NO_DECREASE)
    np.testing.assert_array_equal(function.parameters, 0.0)


def test_a_loss_that_is_no_number_is_named():
    function = Function(lambda w: np.nan, lambda w: w, np.ones(3))
    assert run(LBFGS(), function, 5)[1] == "the loss is not finite"
