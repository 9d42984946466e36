import keras
import numpy as np
import pytest

from keras_solvers.classic import Multigrid
from keras_solvers.models import multigrid_network
from keras_solvers.models.transfer import for_problem
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
