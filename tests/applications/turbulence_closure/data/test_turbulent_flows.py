"""Flows computed twice: what must hold whatever their numbers are."""

import numpy as np
import pytest

from keras_solvers.applications.turbulence_closure import PAIRED_FLOWS, is_realizable, paired_flow
from keras_solvers.applications.turbulence_closure.data.hills import (
    SLOPES,
    hill_distance,
    hill_height,
    simulated_hills,
)
from keras_solvers.applications.turbulence_closure.data.turbulent_flows import anisotropy_of
from keras_solvers.classic import ExplicitAlgebraicStress
from keras_solvers.data import DataNotFoundError, find
from keras_solvers.problems import AlgebraicStress

needs_flows = pytest.mark.skipif(
    find("turbulence/rans_les_flows/square_duct.npz") is None,
    reason="no paired flows: set KERAS_SOLVERS_DATA",
)


@needs_flows
@pytest.mark.parametrize("name", PAIRED_FLOWS)
def test_tensors_are_strains_and_rotations_and_answers_realizable(name):
    flow = paired_flow(name)
    strain, rotation = flow.tensors[:, 0], flow.tensors[:, 1]
    np.testing.assert_allclose(strain, strain.swapaxes(1, 2), atol=1e-12)
    np.testing.assert_allclose(np.trace(strain, axis1=1, axis2=2), 0.0, atol=1e-12)
    np.testing.assert_allclose(rotation, -rotation.swapaxes(1, 2), atol=1e-12)
    np.testing.assert_allclose(np.trace(flow.anisotropy, axis1=1, axis2=2), 0.0, atol=1e-6)
    assert is_realizable(flow.anisotropy).all()  # of averages of real velocities


@needs_flows
@pytest.mark.parametrize("name", ["square_duct", "periodic_hills"])
def test_rotations_have_the_sign_of_the_algebraic_closure(name):
    """Its normal stresses are right for one sign only, and then nearer than none."""
    flow = paired_flow(name)
    closure = ExplicitAlgebraicStress(AlgebraicStress())

    def distance(x):
        return np.linalg.norm(np.asarray(closure(x)) - flow.anisotropy)

    turned = flow.tensors * np.array([1.0, -1.0])[:, None, None]
    assert distance(flow.tensors) < np.linalg.norm(flow.anisotropy) < distance(turned)


@needs_flows
def test_distances_to_walls_are_positive_and_withheld_where_unknown():
    for name in PAIRED_FLOWS:
        flow = paired_flow(name)
        reynolds, known = flow.inputs()["scalars"].T
        assert (known == (flow.places is not None)).all()
        assert (reynolds[known > 0] > 0.0).all()
        assert not flow.inputs(known=False)["scalars"].any()


def test_the_hill_is_smooth_and_as_high_as_it_should_be():
    x = np.linspace(0.0, 9.0, 9001)
    height = hill_height(x)
    assert hill_height(np.array([0.0, 4.5, 9.0])) == pytest.approx([1.0, 0.0, 1.0], abs=1e-4)
    np.testing.assert_allclose(height, height[::-1], atol=1e-12)
    assert np.abs(np.diff(height)).max() < 1e-3  # steepest slope 0.75, pieces meet to 2e-4


@needs_flows
@pytest.mark.parametrize("slope", SLOPES)
def test_simulated_hills_lie_above_their_wall_and_their_stresses_are_real(slope):
    hills = simulated_hills(slope)
    x, y = hills["places"].T
    # The walls of cells are straight: up to 0.006 beside the steepest curve.
    assert (y > hill_height(x, slope) - 0.006).all()
    assert (hill_distance(hills["places"], slope) > 0.0).all()
    # Cells cover the channel: its area less that of the hill.
    along = np.linspace(0.0, x.max() + x.min(), 20001)
    free = 3.035 * along[-1] - np.trapezoid(hill_height(along, slope), along)
    assert hills["area"].sum() == pytest.approx(free, rel=2e-3)
    _, b = anisotropy_of(hills["stress"])
    assert is_realizable(b, 1e-4).mean() > 0.999  # averages over a finite time
    divergence = np.trace(hills["gradient"], axis1=1, axis2=2)
    size = np.linalg.norm(hills["gradient"], axis=(1, 2))
    assert np.median(np.abs(divergence) / size) < 0.02  # central differences


def test_no_energy_has_no_anisotropy():
    energy, b = anisotropy_of(np.zeros((1, 3, 3)))
    assert not energy.any()
    assert not b.any()


def test_unknown_names_and_missing_files_are_named(monkeypatch, tmp_path):
    with pytest.raises(ValueError, match="periodic_hills"):
        paired_flow("hills")
    monkeypatch.setenv("KERAS_SOLVERS_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(DataNotFoundError, match=r"square_duct\.npz"):
        paired_flow("square_duct")
