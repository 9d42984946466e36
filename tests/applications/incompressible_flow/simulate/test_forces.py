import numpy as np
import pytest

from keras_solvers.applications.incompressible_flow import (
    Buoyancy,
    Domain,
    Inflow,
    MovingSolid,
    Projection,
    Step,
    VorticityConfinement,
    mean_divergence,
)
from keras_solvers.applications.incompressible_flow.simulate.measures import vorticity
from keras_solvers.classic import ConjugateGradient
from keras_solvers.problems import PressureProjection


def random_state(domain, seed=0):
    rng = np.random.default_rng(seed)
    state = domain.at_rest()
    velocity = [rng.normal(size=u.shape).astype("float32") for u in state["velocity"]]
    return {**state, "velocity": tuple(velocity)}


@pytest.mark.jax
def test_smoke_everywhere_is_carried_by_its_pressure():
    """Buoyancy of uniform smoke is a gradient: no motion, and `p = strength * height`."""
    problem = PressureProjection((8, 12), (("closed", "closed"), ("closed", "open")))
    domain = Domain(problem, time_step=0.1, cell_size=0.5)
    state = domain.at_rest()
    state["smoke"] = np.ones_like(state["smoke"])
    solver = ConjugateGradient(problem, 200, 1e-6)
    after = Step(domain, (Buoyancy(domain, 3.0), Projection(domain, solver)))(state)
    for component in after["velocity"]:
        np.testing.assert_allclose(component, 0.0, atol=1e-5)
    height = 0.5 * domain.positions()[1]
    expected = -3.0 * (6.0 - height)  # zero at the open top
    np.testing.assert_allclose(after["pressure"], expected, rtol=1e-4)
    np.testing.assert_allclose(after["time"], 0.1, rtol=1e-6)


def test_confinement_is_the_cross_product_of_the_reference():
    domain = Domain(PressureProjection((6, 6, 6), "periodic"), time_step=1.0)
    state = random_state(domain)
    centred = [0.5 * (u[:, 1:] + u[:, :-1]) for u in state["velocity"][:1]]
    u, v, w = state["velocity"]
    centred = [
        0.5 * (u[0, 1:] + u[0, :-1]),
        0.5 * (v[0, :, 1:] + v[0, :, :-1]),
        0.5 * (w[0, :, :, 1:] + w[0, :, :, :-1]),
    ]

    def slope(field, axis):
        return 0.5 * (np.roll(field, -1, axis) - np.roll(field, 1, axis))

    curl = np.stack(
        [
            slope(centred[2], 1) - slope(centred[1], 2),
            slope(centred[0], 2) - slope(centred[2], 0),
            slope(centred[1], 0) - slope(centred[0], 1),
        ]
    )
    size = np.linalg.norm(curl, axis=0)
    towards = np.stack([slope(size, axis) for axis in range(3)])
    towards /= np.linalg.norm(towards, axis=0)
    force = 2.0 * np.cross(towards, curl, axis=0)
    after = VorticityConfinement(domain, 2.0)(state)
    for axis in range(3):
        gained = np.asarray(after["velocity"][axis] - state["velocity"][axis])[0]
        expected = 0.5 * (force[axis] + np.roll(force[axis], 1, axis))
        inside = np.take(gained, range(6), axis)
        np.testing.assert_allclose(inside, expected, atol=1e-3 * np.abs(expected).max())


def test_confinement_leaves_uniform_flow_alone():
    domain = Domain(PressureProjection((6, 6), "periodic"), time_step=1.0)
    state = domain.at_rest()
    state["velocity"] = tuple(np.ones_like(u) for u in state["velocity"])
    after = VorticityConfinement(domain, 2.0)(state)
    for component in after["velocity"]:
        np.testing.assert_array_equal(component, 1.0)


def test_inflow_sets_smoke_and_velocity_where_it_acts_and_nowhere_else():
    domain = Domain(PressureProjection((6, 6)), time_step=1.0)
    region = np.zeros((6, 6))
    region[2:4, 1] = 1.0
    after = Inflow(domain, region, 0.5, (0.0, 2.0))(domain.at_rest())
    np.testing.assert_array_equal(after["smoke"][0], 0.5 * region)
    v = np.asarray(after["velocity"][1])[0]
    assert np.all(v[2:4, 1:3] == 2.0)
    assert v.sum() == pytest.approx(8.0)


def test_solids_that_move_with_the_fluid_leave_it_uniform():
    problem = PressureProjection((16, 12), "periodic")
    domain = Domain(problem, time_step=0.5)

    def inside(positions, time):
        x, y = positions
        return (abs((x - 8.0 - time + 8.0) % 16.0 - 8.0) < 2.0) & (abs(y - 6.0) < 2.0)

    move = MovingSolid(domain, inside, lambda positions, time: (1.0, 0.0))
    step = Step(domain, (move, Projection(domain, ConjugateGradient(problem, 50, 1e-5))))
    state = domain.at_rest()
    state["velocity"] = (np.ones_like(state["velocity"][0]), state["velocity"][1])
    masks = []
    for _ in range(4):
        state = step(state)
        masks.append(np.asarray(state["fluid"])[0])
    np.testing.assert_allclose(state["velocity"][0], 1.0, atol=1e-6)
    np.testing.assert_allclose(state["velocity"][1], 0.0, atol=1e-6)
    np.testing.assert_array_equal(masks[3], np.roll(masks[1], 1, axis=0))


def test_a_moving_solid_pushes_the_fluid_of_a_closed_box_around_itself():
    problem = PressureProjection((16, 16))
    domain = Domain(problem, time_step=0.5)

    def inside(positions, time):
        x, y = positions
        return (x - 6.0 - time) ** 2 + (y - 8.0) ** 2 < 9.0

    move = MovingSolid(domain, inside, lambda positions, time: (1.0, 0.0))
    solver = ConjugateGradient(problem, 200, 1e-5)
    state = Step(domain, (move, Projection(domain, solver)))(domain.at_rest())
    u = np.asarray(state["velocity"][0])[0]
    solid = np.asarray(state["fluid"])[0] == 0.0
    assert np.all(u[1:-1][solid[1:]] == 1.0)
    assert u[8, 1] < -0.05  # back along the walls
    assert float(mean_divergence(domain, state)[0]) < 1e-4
    # The flow through each section of the box adds up to zero.
    np.testing.assert_allclose(u.sum(axis=1), 0.0, atol=1e-3)


def test_vorticity_of_a_rotation():
    domain = Domain(PressureProjection((6, 8)), time_step=1.0, cell_size=0.5)
    state = domain.at_rest()
    turn = [0.5 * domain.positions(0)[1], 0.5 * domain.positions(1)[0]]
    state["velocity"] = (-3.0 * turn[0], 3.0 * turn[1])
    spin = vorticity(domain, state)
    assert spin.shape == (1, 5, 7)
    np.testing.assert_allclose(spin, 6.0, rtol=1e-5)


def test_wrong_domains_are_named():
    problem = PressureProjection((4, 4))
    with pytest.raises(ValueError, match="time_step"):
        Domain(problem, time_step=0.0)
    with pytest.raises(ValueError, match="wall_velocity"):
        Domain(problem, 1.0, wall_velocity=((0.0, 0.0), (1.0, 0.0)))
