"""The meaning of the columns of the file, from relations between them."""

import numpy as np
import pytest

from keras_solvers.applications.turbulence_closure import load_plasticity
from keras_solvers.data import DamagedDataError, DataNotFoundError


@pytest.fixture(scope="module")
def states():
    try:
        return load_plasticity()
    except DataNotFoundError as error:
        pytest.skip(str(error))


def specimens(states):
    for number in range(5):
        yield states.specimen == number


def test_five_specimens_are_under_tension_along_the_first_axis(states):
    np.testing.assert_array_equal(np.bincount(states.specimen), [23, 19, 18, 21, 21])
    for name in ("strain", "stress", "plastic_strain", "strain_rate", "plastic_increment"):
        tensors = getattr(states, name)
        assert tensors.shape == (102, 3, 3)
        assert np.all(tensors[:, 0, 0] >= 0.0)
        assert np.count_nonzero(tensors) == np.count_nonzero(tensors[:, 0, 0])


def test_increments_are_those_of_the_strains(states):
    for chosen in specimens(states):
        steps = chosen.sum() - 1
        increment = np.diff(states.strain[chosen], axis=0)
        np.testing.assert_allclose(states.strain_rate[chosen][1:], steps * increment, atol=1e-13)
        increment = np.diff(states.plastic_strain[chosen], axis=0)
        # Written with seven digits.
        np.testing.assert_allclose(states.plastic_increment[chosen][1:], increment, atol=1.1e-7)


def test_the_stress_is_proportional_to_the_elastic_strain(states):
    for chosen in specimens(states):
        elastic = (states.strain - states.plastic_strain)[chosen][1:, 0, 0]
        modulus = states.stress[chosen][1:, 0, 0] / elastic
        np.testing.assert_allclose(modulus, modulus[0], rtol=1e-6)
        assert 740.0 < modulus[0] < 1040.0  # MPa per percent


def test_missing_and_damaged_files_are_named(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_SOLVERS_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    with pytest.raises(DataNotFoundError, match=r"plasticity_data\.txt"):
        load_plasticity()
    path = tmp_path / "turbulence/sandia_tbnn/plasticity_data.txt"
    path.parent.mkdir(parents=True)
    path.write_text("0 1 2\n")
    with pytest.raises(DamagedDataError, match=r"plasticity_data\.txt is damaged"):
        load_plasticity()
