import keras
import numpy as np
import pytest

from keras_solvers.applications.pde_benchmarks import Wall, fit_steady_flow
from keras_solvers.applications.pde_benchmarks.elements import steady_flow
from keras_solvers.applications.pde_benchmarks.local_jets import (
    LocalBasis,
    jets,
    product,
    square_root,
)
from keras_solvers.layers import LocalRandomFeatures
from keras_solvers.models import coordinate_mlp, stream_network
from keras_solvers.numerics.geometry import Ball, Box, quadrature, triangles
from keras_solvers.pinn import PDE, PINN, equations

CHANNEL = Box(x=(0.0, 2.0), y=(0.0, 1.0))
CORNERS = [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)]
WALLS = (
    Wall(((0.0, 0.0), (2.0, 0.0))),
    Wall(((0.0, 1.0), (2.0, 1.0)), 2.0 / 3.0),
    Wall(((0.0, 0.0), (0.0, 1.0)), (0.0, 0.0, 2.0, -4.0 / 3.0)),
)


def network(walls, num_features=40):
    keras.utils.set_random_seed(0)
    bounds = CHANNEL.bounds
    return stream_network(walls, bounds, 0.5, num_features=num_features, dtype="float64")


def flow(trained, shape, points):
    problem = PDE(
        shape, equations.navier_stokes(0.02), num_fields=3, ansatz=equations.of_stream_function
    )
    return np.asarray(PINN(trained, problem)(points))


def test_developed_flow_is_found_and_its_pressure():
    points, areas = quadrature(triangles(CHANNEL, CORNERS, 0.06), 4)
    trained = network(WALLS)
    assert fit_steady_flow(trained, 0.02, points, areas)
    asked = CHANNEL.sample(500)
    x, y = asked.T
    exact = np.stack([4.0 * y * (1.0 - y), 0.0 * y, 8.0 * 0.02 * (2.0 - x)], axis=1)
    u, v, p = np.abs(flow(trained, CHANNEL, asked) - exact).T
    assert max(u.max(), v.max()) < 5e-3
    assert np.sqrt(np.mean(p**2)) < 5e-3


def test_around_a_disc_it_agrees_with_finite_elements():
    disc = ((0.8, 0.45), 0.15)
    shape = CHANNEL - Ball(*disc)
    mesh = triangles(shape, CORNERS, 0.04)
    points, areas = quadrature(mesh, 4)
    trained, steps = network((*WALLS, Wall((disc[0],), None, disc[1])), 50), []
    assert fit_steady_flow(trained, 0.02, points, areas, lambda k, left: steps.append(left))
    asked = shape.sample(1000)

    def inflow(x, y):
        return 4.0 * y * (1.0 - y) * (x == 0.0), 0.0 * x

    expected = steady_flow(mesh, 0.02, inflow, lambda x, y: (x == 2.0) & (y > 0) & (y < 1))(asked)
    found = flow(trained, shape, asked)
    inner = asked[:, 0] < 1.8  # finite elements hold the fluid to leave straight
    error = np.linalg.norm((found - expected)[inner]) / np.linalg.norm(expected[inner])
    assert error < 2e-2
    # At last Newton's method squares the residual in each step.
    assert steps[-1] < 1e-3 * steps[-2]


def test_training_can_be_ended():
    points, areas = quadrature(triangles(CHANNEL, CORNERS, 0.1), 3)
    assert not fit_steady_flow(network(WALLS, 20), 0.02, points, areas, lambda k, left: k == 1)


def test_a_flow_that_is_not_found_is_not_returned():
    points, areas = quadrature(triangles(CHANNEL, CORNERS, 0.1), 3)
    with pytest.raises(RuntimeError, match="Received: viscosity=1e-07"):
        fit_steady_flow(
            network((*WALLS, Wall(((0.8, 0.45),), None, 0.15)), 20), 1e-7, points, areas
        )


def test_what_is_wrong_is_named():
    points, areas = quadrature(triangles(CHANNEL, CORNERS, 0.2), 2)
    single = stream_network(WALLS, CHANNEL.bounds, 0.5)
    with pytest.raises(ValueError, match="Received: dtype='float32'"):
        fit_steady_flow(single, 0.02, points, areas)
    with pytest.raises(ValueError, match="and an area"):
        fit_steady_flow(network(WALLS), 0.02, points, areas[:-1])
    with pytest.raises(ValueError, match="1 not finite"):
        fit_steady_flow(network(WALLS), 0.02, np.append(points[1:], [[0.1, np.nan]], 0), areas)
    with pytest.raises(ValueError, match="must be positive"):
        fit_steady_flow(network(WALLS), 0.0, points, areas)
    with pytest.raises(ValueError, match="must be a `stream_network`"):
        fit_steady_flow(coordinate_mlp(2, 2, dtype="float64"), 0.02, points, areas)


def test_jets_are_those_of_the_layer():
    points = np.random.default_rng(0).uniform((0.0, 0.0), (2.0, 1.0), (300, 2))
    centers = [(x, y) for x in (0.0, 0.5, 1.0, 1.5, 2.0) for y in (0.0, 0.5, 1.0)]
    layer = LocalRandomFeatures(centers, [0.5] * 15, 10, seed=0, dtype="float64")
    layer(points)
    basis = LocalBasis(layer, points, 1e-6)
    weights = np.random.default_rng(1).normal(size=basis.size)
    found, seen = np.zeros((6, 300)), []
    for rows, windows in basis.patches():
        found[:, rows] = basis.jets(rows, windows) @ weights[basis.columns(windows)]
        seen.extend(rows)
    assert sorted(seen) == list(range(300))
    layer.kernel.assign(basis.kernel(weights))
    expected = jets(layer, points)[:, :, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-7 * np.abs(expected).max())


def test_products_and_roots_of_jets():
    x, y = np.random.default_rng(0).uniform(0.5, 1.0, (2, 5))
    one, zero = np.ones(5), np.zeros(5)
    first = np.stack([x, one, zero, zero, zero, zero])
    both = np.stack([x * y, y, x, zero, one, zero])
    expected = [x * x * y, 2 * x * y, x * x, 2 * y, 2 * x, zero]
    np.testing.assert_allclose(product(first, both), expected, rtol=1e-14)
    np.testing.assert_allclose(square_root(product(both, both)), both, rtol=1e-12, atol=1e-12)
