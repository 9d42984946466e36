"""RANS/LES flows and hills: symmetries, realizability and geometry."""

import numpy as np
import pytest

from keras_solvers.applications.turbulence_closure import (
    RANS_LES_FLOWS,
    is_realizable,
    rans_les_flow,
)
from keras_solvers.applications.turbulence_closure.data.hills import (
    SLOPES,
    hill_height,
    hill_wall_distance,
    load_hill_simulation,
)
from keras_solvers.applications.turbulence_closure.data.turbulent_flows import energy_and_anisotropy
from keras_solvers.classic import ExplicitAlgebraicStress
from keras_solvers.data import DataNotFoundError, find
from keras_solvers.problems import AlgebraicStress

needs_flows = pytest.mark.skipif(
    find("turbulence/rans_les_flows/square_duct.npz") is None,
    reason="no simulated flows: set KERAS_SOLVERS_DATA",
)


@needs_flows
@pytest.mark.parametrize("name", RANS_LES_FLOWS)
def test_tensors_are_strain_and_rotation_rates_and_anisotropies_realizable(name):
    flow = rans_les_flow(name)
    strain, rotation = flow.tensors[:, 0], flow.tensors[:, 1]
    np.testing.assert_allclose(strain, strain.swapaxes(1, 2), atol=1e-12)
    np.testing.assert_allclose(np.trace(strain, axis1=1, axis2=2), 0.0, atol=1e-12)
    np.testing.assert_allclose(rotation, -rotation.swapaxes(1, 2), atol=1e-12)
    np.testing.assert_allclose(np.trace(flow.anisotropy, axis1=1, axis2=2), 0.0, atol=1e-6)
    assert is_realizable(flow.anisotropy).all()  # averages of real velocities


@needs_flows
@pytest.mark.parametrize("name", ["square_duct", "periodic_hills"])
def test_rotations_have_the_sign_of_the_algebraic_closure(name):
    """Its normal stresses are closer than zero anisotropy for one sign of `R` only."""
    flow = rans_les_flow(name)
    closure = ExplicitAlgebraicStress(AlgebraicStress())

    def distance(x):
        return np.linalg.norm(np.asarray(closure(x)) - flow.anisotropy)

    reversed_rotation = flow.tensors * np.array([1.0, -1.0])[:, None, None]
    assert distance(flow.tensors) < np.linalg.norm(flow.anisotropy) < distance(reversed_rotation)


@needs_flows
def test_wall_distances_are_positive_and_masked_where_unknown():
    for name in RANS_LES_FLOWS:
        flow = rans_les_flow(name)
        reynolds, known = flow.inputs()["scalars"].T
        assert (known == (flow.coordinates is not None)).all()
        assert (reynolds[known > 0] > 0.0).all()
        assert not flow.inputs(with_wall=False)["scalars"].any()


def test_the_hill_is_smooth_and_has_height_one():
    x = np.linspace(0.0, 9.0, 9001)
    height = hill_height(x)
    assert hill_height(np.array([0.0, 4.5, 9.0])) == pytest.approx([1.0, 0.0, 1.0], abs=1e-4)
    np.testing.assert_allclose(height, height[::-1], atol=1e-12)
    assert np.abs(np.diff(height)).max() < 1e-3  # steepest slope 0.75, pieces meet to 2e-4


@needs_flows
@pytest.mark.parametrize("slope", SLOPES)
def test_simulated_points_lie_above_the_wall_and_stresses_are_realizable(slope):
    hills = load_hill_simulation(slope)
    x, y = hills["coordinates"].T
    # The edges of cells are straight, up to 0.006 away from the steepest part of the curve.
    assert (y > hill_height(x, slope) - 0.006).all()
    assert (hill_wall_distance(hills["coordinates"], slope) > 0.0).all()
    # Cells cover the area of the channel less that of the hill.
    streamwise = np.linspace(0.0, x.max() + x.min(), 20001)
    free = 3.035 * streamwise[-1] - np.trapezoid(hill_height(streamwise, slope), streamwise)
    assert hills["area"].sum() == pytest.approx(free, rel=2e-3)
    _, b = energy_and_anisotropy(hills["stress"])
    assert is_realizable(b, 1e-4).mean() > 0.999  # averages over a finite time
    divergence = np.trace(hills["gradient"], axis1=1, axis2=2)
    size = np.linalg.norm(hills["gradient"], axis=(1, 2))
    assert np.median(np.abs(divergence) / size) < 0.02  # central differences


def test_zero_energy_has_zero_anisotropy():
    energy, b = energy_and_anisotropy(np.zeros((1, 3, 3)))
    assert not energy.any()
    assert not b.any()


def test_unknown_names_and_missing_files_are_named(monkeypatch, tmp_path):
    with pytest.raises(ValueError, match="periodic_hills"):
        rans_les_flow("hills")
    monkeypatch.setenv("KERAS_SOLVERS_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(DataNotFoundError, match=r"square_duct\.npz"):
        rans_les_flow("square_duct")
