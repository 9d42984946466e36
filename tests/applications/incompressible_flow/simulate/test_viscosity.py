import numpy as np
import pytest

from keras_solvers import compiled
from keras_solvers.applications.incompressible_flow import Domain, Viscosity
from keras_solvers.problems import PressureProjection

STILL = (0.0, 0.0)


def channel(n, viscosity, time_step):
    """Fluid between a wall at rest and a wall that moves along, at unit distance."""
    walls = ((STILL, STILL), (STILL, (1.0, 0.0)))
    sides = (("periodic", "periodic"), ("closed", "closed"))
    domain = Domain(PressureProjection((4, n), sides), time_step, 1.0 / n, walls)
    return domain, Viscosity(domain, viscosity)


def test_a_shear_wave_decays_as_it_should():
    n, viscosity, time = 16, 0.1, 0.25
    domain = Domain(PressureProjection((4, n), "periodic"), time, 1.0 / n)
    state = domain.at_rest()
    wave = np.sin(2.0 * np.pi * domain.positions(0)[1] / n).astype("float32")
    state["velocity"] = (wave, state["velocity"][1])
    friction = Viscosity(domain, viscosity)
    assert friction.num_substeps > 50
    u = compiled(friction)(state)["velocity"][0]
    decay = np.exp(-viscosity * (2.0 * np.pi) ** 2 * time)
    np.testing.assert_allclose(u, decay * wave, atol=0.02 * decay)  # (2 pi / n)^2 / 12 and more


def test_between_a_wall_at_rest_and_a_moving_one_the_velocity_becomes_linear():
    domain, friction = channel(6, viscosity=1.0, time_step=1.5)
    u = compiled(friction)(domain.at_rest())["velocity"][0]
    height = domain.positions(0)[1] / 6.0
    np.testing.assert_allclose(u, height, atol=1e-5)


def test_friction_on_a_solid_is_that_of_the_shear_flow():
    """A moving wall above a solid floor: shear `1 / (gap + half a cell each)`, exactly."""
    n, viscosity = 8, 0.5
    domain, friction = channel(n, viscosity, time_step=1.5)
    fluid = np.ones((1, 4, n))
    fluid[:, :, :3] = 0.0
    state = compiled(friction)(domain.at_rest(fluid))
    along, across = friction.force_on_solids(state)
    length, gap = 4.0 / n, 5.0 / n
    assert float(along[0]) == pytest.approx(viscosity * length / gap, rel=1e-3)
    assert float(across[0]) == pytest.approx(0.0, abs=1e-6)


def test_walls_without_a_velocity_are_without_friction():
    domain = Domain(PressureProjection((6, 6)), time_step=1.0)
    state = domain.at_rest()
    u = np.copy(state["velocity"][0])
    u[:, 1:-1] = 1.0
    after = np.asarray(
        Viscosity(domain, 0.1)({**state, "velocity": (u, state["velocity"][1])})["velocity"][0]
    )
    np.testing.assert_allclose(after[0, 3], after[0, 3, 0])


def test_negative_viscosity_is_named():
    domain = Domain(PressureProjection((4, 4)), time_step=1.0)
    with pytest.raises(ValueError, match="viscosity"):
        Viscosity(domain, -1.0)
