"""Profiles of channels: the law of their balance tells whether units and columns are right."""

import numpy as np
import pytest

from keras_solvers.applications.turbulence_closure import channel_profile
from keras_solvers.data import DataNotFoundError, find

CASES = [("lee_moser", 5200), ("moser_kim_mansour", 395), ("hoyas_jimenez", 950)]


@pytest.mark.skipif(
    find("turbulence/channel_mkm1999/chan395.means") is None,
    reason="no profiles of channels: set KERAS_SOLVERS_DATA",
)
@pytest.mark.parametrize(("source", "case"), CASES)
def test_shear_stress_is_linear_and_the_slope_is_that_of_the_velocity(source, case):
    profile = channel_profile(source, case)
    assert profile.friction_reynolds == pytest.approx(case, rel=0.02)
    y, stress = profile.y, profile.slope / profile.friction_reynolds - profile.stresses[:, 0, 1]
    np.testing.assert_allclose(stress, 1.0 - y, atol=0.01)  # averages over a finite time
    rise = np.trapezoid(profile.slope, y)
    assert rise == pytest.approx(profile.velocity[-1], rel=2e-3)


def test_a_missing_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_SOLVERS_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(DataNotFoundError, match="chan180"):
        channel_profile("moser_kim_mansour", 180)
