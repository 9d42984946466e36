"""The finite elements that flows are compared with, on flows that they hold exactly."""

import numpy as np
import pytest

from keras_solvers.applications.pde_benchmarks.elements import steady_flow
from keras_solvers.numerics.geometry import Ball, Box, triangles

CHANNEL = Box(x=(0.0, 2.0), y=(0.0, 1.0))
CORNERS = np.array([(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)])


def parabola(x, y):
    return 4.0 * y * (1.0 - y), 0.0 * x


def test_flow_between_plates_is_exact():
    flow = steady_flow(triangles(CHANNEL, CORNERS, 0.2), 0.01, parabola)
    points = CHANNEL.sample(200)
    u, v, p = flow(points).T
    # Linear between nodes, of which the parabola has some at every tenth.
    np.testing.assert_allclose(u, parabola(*points.T)[0], atol=0.02)
    np.testing.assert_allclose(v, 0.0, atol=1e-9)
    np.testing.assert_allclose(p, -0.08 * points[:, 0], atol=1e-9)


def test_what_enters_through_the_outlet_is_held_back():
    step = Box(x=(0.0, 3.0), y=(0.0, 2.0)) - Box(x=(0.0, 1.0), y=(1.0, 2.0))
    corners = [(0, 0), (3, 0), (3, 2), (1, 2), (1, 1), (0, 1)]

    def inflow(x, y):
        return np.where(x == 0.0, 4.0 * y * (1.0 - y), 0.0), 0.0 * x

    def out(x, y):
        return (x == 3.0) & (y > 0.0) & (y < 2.0)

    mesh = triangles(step, corners, 0.12)
    y = np.linspace(0.05, 1.95, 96)
    end = np.stack([0.0 * y + 3.0, y], axis=1)
    free, held = (steady_flow(mesh, 0.01, inflow, out, factor)(end) for factor in (0.0, 97.0))
    assert free[:, 0].min() < -0.05
    assert -0.025 < held[:, 0].min() < -0.01
    np.testing.assert_allclose(held[:, 1], 0.0, atol=1e-12)
    u, _, p = held[(y > 1.6) & (y < 1.85)].T
    np.testing.assert_allclose(p, -97.0 * u**2, atol=4e-3)


def test_mesh_covers_the_shape_and_nothing_else():
    shape = CHANNEL - Ball((1.0, 0.5), 0.25)
    mesh = triangles(shape, CORNERS, 0.05)
    a, b, c = (mesh.p.T[mesh.t[i]] for i in range(3))
    area = 0.5 * np.abs(np.linalg.det(np.stack([b - a, c - a], axis=1))).sum()
    assert area == pytest.approx(2.0 - np.pi * 0.25**2, rel=3e-3)
    assert mesh.is_valid()


def test_a_flow_that_is_not_found_is_no_answer():
    with pytest.raises(RuntimeError, match="did not converge"):
        steady_flow(triangles(CHANNEL, CORNERS, 0.25), 1e-7, lambda x, y: (np.sin(40.0 * x * y), x))
