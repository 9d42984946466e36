import keras
import numpy as np
import pytest

from keras_solvers.applications.incompressible_flow import (
    LaterFlows,
    LongTermSolver,
    RandomSymmetry,
)
from keras_solvers.classic import Multigrid
from keras_solvers.models import fluid_net
from keras_solvers.problems import PressureProjection

PROBLEM = PressureProjection((8, 8), max_obstacles=1)


def test_the_better_the_solver_the_less_is_left_to_do():
    """Before the next projection the divergence is that of advection alone, or the errors' too."""
    x = PROBLEM.sample(8, seed=0)
    after = {}
    for name, solver in (("good", Multigrid(PROBLEM, 5)), ("none", lambda x: 0.0 * x[..., :1])):
        later = LaterFlows(PROBLEM, num_steps=3, seed=0)(x, solver)
        np.testing.assert_array_equal(later[..., 1], x[..., 1])
        mean_square = np.mean(np.asarray(later[..., 0]) ** 2, axis=(1, 2))
        assert np.all(mean_square <= 1.0 + 1e-5)  # 1 in the fluid, 0 in solids
        after[name] = np.asarray(later)
    assert not np.allclose(after["good"], after["none"])
    PROBLEM.check(after["good"])


def test_long_term_training_on_turned_flows():
    keras.utils.set_random_seed(0)
    network = fluid_net(PROBLEM, 1, width=4)
    turned = RandomSymmetry(network, PROBLEM.sides, seed=0)
    solver = LongTermSolver(turned, PROBLEM, LaterFlows(PROBLEM, 1, seed=0))
    solver.compile(keras.optimizers.Adam(0.01), jit_compile=False)
    x = np.asarray(PROBLEM.sample(32, seed=0))
    losses = solver.fit(x, batch_size=4, epochs=4, verbose=0).history["loss"]
    assert losses[-1] < 0.8 * losses[0]


def test_saved_and_loaded():
    config = keras.saving.serialize_keras_object(LaterFlows(PROBLEM, 2, seed=3))
    again = keras.saving.deserialize_keras_object(config)
    assert (again.problem, again.num_steps, again.seed) == (PROBLEM, 2, 3)


def test_wrong_number_of_steps_is_named():
    with pytest.raises(ValueError, match="num_steps"):
        LaterFlows(PROBLEM, 0)
