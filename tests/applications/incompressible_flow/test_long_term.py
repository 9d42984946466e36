import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers import NeuralSolver
from keras_solvers.applications.incompressible_flow import LongTermSolver
from keras_solvers.models import fluid_net
from keras_solvers.problems import PressureProjection

PROBLEM = PressureProjection((8, 8), max_obstacles=1)


@keras.saving.register_keras_serializable(package="tests")
def leave_the_rest(x, solver):
    """What the solver leaves of the divergence is the next one's divergence."""
    return ops.stack([PROBLEM.residual(x, solver(x)), x[..., 1]], axis=-1)


def test_the_later_objective_is_added_with_its_weight():
    x = PROBLEM.sample(4, seed=0)
    network = fluid_net(PROBLEM, 1, width=4)
    y = network(x)
    later = leave_the_rest(x, network)
    expected = np.mean(PROBLEM.objective(x, y)) + 0.5 * np.mean(
        PROBLEM.objective(later, network(later))
    )
    loss = LongTermSolver(network, PROBLEM, leave_the_rest, weight=0.5).compute_loss(x, None, y)
    np.testing.assert_allclose(loss, expected, rtol=1e-5)  # rounding of float32


def test_the_gradient_stops_at_the_later_state():
    """An `advance` that is infinitely steep in the network's answer leaves no trace in training."""

    def advance(x, solver):
        answer = solver(x)
        steep = 1e9 * (answer - ops.stop_gradient(answer))  # zero, but for its slope
        return x + ops.concatenate([steep, ops.zeros_like(steep)], axis=-1)

    steps = []
    x = ops.convert_to_numpy(PROBLEM.sample(4, seed=0))
    for make in (NeuralSolver, lambda n, p: LongTermSolver(n, p, advance)):
        keras.utils.set_random_seed(0)
        network = fluid_net(PROBLEM, 1, width=4)
        before = np.concatenate([w.ravel() for w in network.get_weights()])
        solver = make(network, PROBLEM)
        # The later input is the first one, so its objective makes the step twice as long.
        rate = 1e-5 if isinstance(solver, LongTermSolver) else 2e-5
        solver.compile(keras.optimizers.SGD(rate), run_eagerly=True)
        solver.fit(x, batch_size=4, epochs=1, verbose=0)
        steps.append(np.concatenate([w.ravel() for w in network.get_weights()]) - before)
    assert np.abs(steps[0]).max() > 1e-4
    np.testing.assert_allclose(steps[1], steps[0], rtol=1e-2, atol=1e-6)  # rounding of weights


def test_saved_and_loaded(tmp_path):
    solver = LongTermSolver(fluid_net(PROBLEM, 1, width=4), PROBLEM, leave_the_rest, weight=0.5)
    x = ops.convert_to_numpy(PROBLEM.sample(4, seed=0))
    y = solver.predict_on_batch(x)
    solver.save(tmp_path / "solver.keras")
    loaded = keras.saving.load_model(tmp_path / "solver.keras")
    assert loaded.weight == 0.5
    np.testing.assert_allclose(loaded.predict_on_batch(x), y, rtol=1e-6, atol=1e-6)


def test_wrong_weight_is_named():
    with pytest.raises(ValueError, match="weight"):
        LongTermSolver(fluid_net(PROBLEM, 1, width=4), PROBLEM, leave_the_rest, weight=-1.0)
