import numpy as np
import pytest

from keras_solvers.applications.incompressible_flow import Domain, MacCormack, SemiLagrangian
from keras_solvers.applications.incompressible_flow.simulate.interpolation import interpolate
from keras_solvers.problems import PressureProjection


def carried(scheme, n, num_steps, **kwargs):
    """A sine wave after half a turn around a periodic box of unit length, and where it should be.

    The diagonal flow crosses 0.7 cells in a step along one axis, half as many along the other.
    """
    distance = 0.5
    domain = Domain(PressureProjection((n, n), "periodic"), distance / num_steps, 1.0 / n)
    state = domain.at_rest()
    u, v = state["velocity"]
    state["velocity"] = (np.ones_like(u), 0.5 * np.ones_like(v))
    x, y = (domain.cell_size * p for p in domain.positions())

    def wave(time):
        return np.sin(2.0 * np.pi * (x - time)) * np.cos(2.0 * np.pi * (y - 0.5 * time))

    state["smoke"] = wave(0.0).astype("float32")
    advect = scheme(domain, **kwargs)
    for _ in range(num_steps):
        state = advect(state)
    return np.asarray(state["smoke"]), wave(distance)


def test_linear_functions_are_interpolated_exactly():
    x, y = np.meshgrid(np.arange(4.0), np.arange(5.0), indexing="ij")
    array = (2.0 * x - 3.0 * y)[None].astype("float32")
    points = [np.array([[[0.25, 2.0, 2.9]]], "float32"), np.array([[[3.5, 0.0, 1.75]]], "float32")]
    expected = 2.0 * points[0] - 3.0 * points[1]
    np.testing.assert_allclose(interpolate(array, points, (False, False)), expected, rtol=1e-6)


def test_outside_the_nearest_point_counts_or_the_opposite_end():
    array = np.array([[10.0, 20.0, 30.0]], "float32")
    points = [np.array([[-1.0, 5.0, 2.5, -1e-9]], "float32")]
    np.testing.assert_allclose(interpolate(array, points, (False,)), [[10.0, 30.0, 30.0, 10.0]])
    np.testing.assert_allclose(interpolate(array, points, (True,)), [[30.0, 30.0, 20.0, 10.0]])


@pytest.mark.jax
@pytest.mark.parametrize("scheme", [SemiLagrangian, MacCormack])
def test_a_shift_by_whole_cells_is_exact(scheme):
    domain = Domain(PressureProjection((6, 5), "periodic"), time_step=2.0)
    state = domain.at_rest()
    u, v = state["velocity"]
    state["velocity"] = (np.ones_like(u), -np.ones_like(v))
    state["smoke"] = np.random.default_rng(0).normal(size=(1, 6, 5)).astype("float32")
    after = scheme(domain)(state)
    expected = np.roll(state["smoke"], (2, -2), axis=(1, 2))
    np.testing.assert_allclose(after["smoke"], expected, atol=1e-5)
    np.testing.assert_allclose(after["velocity"][0], state["velocity"][0])


@pytest.mark.parametrize(
    ("scheme", "arguments", "order"),
    [(SemiLagrangian, {}, 1.0), (MacCormack, {"limited": False}, 2.0)],
)
def test_order_for_smooth_fields(scheme, arguments, order):
    errors = []
    for n in (16, 32):
        smoke, exact = carried(scheme, n, num_steps=round(0.5 * n / 0.7), **arguments)
        errors.append(np.sqrt(np.mean((smoke - exact) ** 2)))
    # The coarser grid is not yet in the asymptotic range.
    assert np.log2(errors[0] / errors[1]) > order - 0.25


@pytest.mark.parametrize("scheme", [SemiLagrangian, MacCormack])
def test_no_new_extremes(scheme):
    domain = Domain(PressureProjection((16, 16)), time_step=1.0)
    state = domain.at_rest()
    rng = np.random.default_rng(0)
    state["velocity"] = tuple(
        3.0 * rng.normal(size=u.shape).astype("float32") for u in state["velocity"]
    )
    state["smoke"] = (rng.random((1, 16, 16)) < 0.5).astype("float32")
    smoke = np.asarray(scheme(domain)(state)["smoke"])
    assert smoke.min() >= -1e-6
    assert smoke.max() <= 1.0 + 1e-6


def test_three_dimensions():
    domain = Domain(PressureProjection((4, 5, 6), "periodic"), time_step=1.0)
    state = domain.at_rest()
    u, v, w = state["velocity"]
    state["velocity"] = (u, v, np.ones_like(w))
    state["smoke"] = np.random.default_rng(0).normal(size=(1, 4, 5, 6)).astype("float32")
    after = MacCormack(domain)(state)["smoke"]
    np.testing.assert_allclose(after, np.roll(state["smoke"], 1, axis=3), atol=1e-5)
