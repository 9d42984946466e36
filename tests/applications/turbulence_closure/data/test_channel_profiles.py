"""Channel profiles: the momentum balance checks units and columns."""

import numpy as np
import pytest

from keras_solvers.applications.turbulence_closure import channel_profile
from keras_solvers.data import DataNotFoundError, find

CASES = [("lee_moser", 5200), ("moser_kim_mansour", 395), ("hoyas_jimenez", 950)]


@pytest.mark.skipif(
    find("turbulence/channel_mkm1999/chan395.means") is None,
    reason="no channel profiles: set KERAS_SOLVERS_DATA",
)
@pytest.mark.parametrize(("source", "case"), CASES)
def test_the_total_shear_stress_is_linear_and_the_gradient_integrates_to_the_velocity(source, case):
    profile = channel_profile(source, case)
    assert profile.friction_reynolds == pytest.approx(case, rel=0.02)
    y, gradient = profile.y, profile.velocity_gradient
    stress = gradient / profile.friction_reynolds - profile.stresses[:, 0, 1]
    np.testing.assert_allclose(stress, 1.0 - y, atol=0.01)  # averages over a finite time
    velocity = np.trapezoid(gradient, y)
    assert velocity == pytest.approx(profile.velocity[-1], rel=2e-3)


def test_a_missing_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_SOLVERS_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(DataNotFoundError, match="chan180"):
        channel_profile("moser_kim_mansour", 180)
