import keras
import numpy as np
import pytest

from keras_solvers.applications.incompressible_flow.experiment.pressure_run import typical_flows
from keras_solvers.applications.incompressible_flow.networks.transfer import for_problem, on_cells
from keras_solvers.classic import Multigrid
from keras_solvers.export import export
from keras_solvers.export.write import load_exported
from keras_solvers.models import fluid_net, multigrid_network, pressure_unet
from keras_solvers.problems import PressureProjection

OPEN = PressureProjection((12, 16), (("closed", "closed"), ("closed", "open")), max_obstacles=2)


def test_weights_serve_other_cells_and_other_sides():
    network = multigrid_network(PressureProjection((8, 8)), num_smoothings=1)
    x = np.asarray(OPEN.sample(2, seed=0))
    expected = Multigrid(OPEN, 1)(x)  # the network is not trained
    y = for_problem(network, OPEN).predict_on_batch(x)
    np.testing.assert_allclose(y, expected, atol=1e-5 * np.abs(expected).max())


def test_other_networks_are_refused():
    x = keras.Input((28, 28, 1))
    with pytest.raises(ValueError, match="pressure"):
        for_problem(keras.Model(x, keras.layers.Flatten()(x)), OPEN)


@pytest.mark.parametrize("builder", [fluid_net, pressure_unet])
def test_exported_for_any_number_of_cells(builder, tmp_path):
    """The export compares itself on two grids; here it runs on a third one."""
    problem = PressureProjection((8, 8))
    network = builder(problem)
    anywhere = on_cells(network, (None, None))
    export(anywhere, tmp_path, ["onnx", "savedmodel"], inputs=typical_flows(anywhere))
    x = np.asarray(PressureProjection((24, 16)).sample(2, seed=0))
    expected = on_cells(network, (24, 16)).predict_on_batch(x)
    for name in ("model.onnx", "saved_model"):
        y = load_exported(tmp_path / name)(x)
        np.testing.assert_allclose(y, expected, atol=1e-5 * np.abs(expected).max())


def test_multigrid_is_for_one_number_of_cells():
    with pytest.raises(ValueError, match="number of cells"):
        on_cells(multigrid_network(PressureProjection((8, 8))), (None, None))
