import numpy as np
import pytest

from keras_solvers.applications.pde_benchmarks.cases import case
from keras_solvers.data import find
from keras_solvers.pinn import PINN


def test_half_of_the_wave_starts_right_and_keeps_its_ends():
    half = case("burgers-fine")
    model = PINN(half.network("float64"), half.problem())
    x = np.linspace(0.0, 1.0, 11)
    start, middle, end = (
        np.asarray(model(np.stack(np.broadcast_arrays(*place), axis=1)))[:, 0]
        for place in ((x, 0.0), (0.0, x), (1.0, x))
    )
    np.testing.assert_allclose(start, -np.sin(np.pi * x), atol=1e-15)
    np.testing.assert_allclose(np.concatenate([middle, end]), 0.0, atol=1e-15)  # sin(pi)


@pytest.mark.skipif(
    find("pinn_refs/raissi/burgers_shock.mat") is None,
    reason="no reference solutions; set KERAS_SOLVERS_DATA",
)
def test_the_reference_is_odd_so_that_half_of_it_has_the_same_relative_error():
    places, times = 256, 100
    _, values = case("burgers").reference()
    points, half = case("burgers-fine").reference()
    left = values.reshape(places, times)[: places // 2]
    assert points[:, 0].min() > 0.0
    np.testing.assert_allclose(half.reshape(-1, times), -left[::-1], atol=1e-9)
