"""Secondary velocities: divergence-free, with boundary conditions, orthogonal to gradients."""

import numpy as np
import pytest
from scipy.sparse import linalg

from keras_solvers.applications.turbulence_closure.rans.stream_function import StreamFunction
from keras_solvers.numerics import LinearElements, stretched


@pytest.fixture
def elements():
    return LinearElements(stretched(6, 20.0), stretched(5, 10.0))


@pytest.fixture
def stream_function(elements):
    return StreamFunction(elements)


@pytest.fixture
def values(stream_function):
    return np.random.default_rng(0).normal(size=stream_function.gather.shape[1])


def test_the_divergence_is_zero(stream_function, values):
    _, v_y, _, _, _, w_z = (stream_function.gather @ values).reshape(6, -1)
    np.testing.assert_allclose(v_y + w_z, 0.0, atol=1e-12 * np.abs(v_y).max())


def test_no_slip_at_walls_and_slip_at_symmetry(elements, stream_function, values):
    v, w = stream_function.at_nodes(values)
    y, z = elements.nodes.T
    wall = (y == 0.0) | (z == 0.0)
    np.testing.assert_allclose(v[wall], 0.0, atol=1e-12)
    np.testing.assert_allclose(w[wall], 0.0, atol=1e-12)
    np.testing.assert_allclose(v[y == 1.0], 0.0, atol=1e-12)
    np.testing.assert_allclose(w[z == 1.0], 0.0, atol=1e-12)
    assert np.abs(w[(y == 1.0) & (z > 0.0) & (z < 1.0)]).min() > 0.0


def test_a_smooth_velocity_is_approximated_with_its_derivatives():
    axis = stretched(24, 4.0)
    elements = LinearElements(axis, axis)

    def bump(y):  # a factor of the stream function, with two derivatives
        return y**2 * (1.0 - y), 2.0 * y - 3.0 * y**2, 2.0 - 6.0 * y

    (f, f1, f2), (g, g1, g2) = (bump(x) for x in elements.points.T)
    exact = np.concatenate([f * g1, f1 * g1, f * g2, -f1 * g, -f2 * g, -f1 * g1])
    gather = StreamFunction(elements).gather
    values = linalg.spsolve((gather.T @ gather).tocsc(), gather.T @ exact)
    error = (gather @ values - exact).reshape(6, -1)
    sizes = np.linalg.norm(exact.reshape(6, -1), axis=1)
    assert (np.linalg.norm(error, axis=1) < 0.05 * sizes).all()


def test_a_pressure_does_no_work(elements, stream_function, values):
    y, z = elements.points.T
    pressure = np.exp(3.0 * y) * np.sin(20.0 * z)
    _, v_y, _, _, _, w_z = (stream_function.gather @ values).reshape(6, -1)
    work = elements.weights @ (pressure * (v_y + w_z))
    assert abs(work) < 1e-11 * (elements.weights @ np.abs(pressure * v_y))
