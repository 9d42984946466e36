import numpy as np
import pytest

from keras_solvers.numerics.geometry import Ball, Box, PointCloud, Polygon
from keras_solvers.pinn import Coordinates

SQUARE = Box(x=(-1.0, 1.0), y=(-1.0, 1.0))
CORNER = SQUARE - Box(x=(0.0, 1.0), y=(0.0, 1.0))  # they share two sides
ANGLES = np.linspace(0.0, 2.0 * np.pi, 400, endpoint=False)
AROUND = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
ELLIPSE = PointCloud(AROUND * (1.0, 0.5), AROUND * (0.5, 1.0), "xy")
SHAPES = {
    "square": (SQUARE, 4.0),
    "corner": (CORNER, 3.0),
    "polygon": (Polygon([[-1, -1], [-1, 1], [0, 1], [0, 0], [1, 0], [1, -1]]), 3.0),
    "disc": (Ball((0.5, 0.0), 0.7), np.pi * 0.49),
    "ring": (Ball((0.0, 0.0), 1.0) - Ball((0.0, 0.0), 0.5), 0.75 * np.pi),
    "lens": (Ball((0.0, 0.0), 1.0) & Ball((1.0, 0.0), 1.0), 2.0 * np.pi / 3.0 - np.sqrt(3.0) / 2),
    "two": (Ball((-2.0, 0.0), 1.0) | Ball((2.0, 0.0), 0.5), 1.25 * np.pi),
    "cloud": (ELLIPSE, 0.5 * np.pi),
    "hollow cloud": (ELLIPSE - Ball((0.0, 0.0), 0.25), (0.5 - 0.0625) * np.pi),
    "ball": (Ball((0.0, 0.0, 0.0), 1.0), 4.0 * np.pi / 3.0),
    "cylinder": (Ball((0.0, 0.0), 1.0) * Box(t=(0.0, 2.0)), 2.0 * np.pi),
}


@pytest.mark.parametrize("name", SHAPES)
def test_volumes_are_those_of_the_closed_form(name):
    shape, volume = SHAPES[name]
    low, high = shape.bounds.T
    points = low + (high - low) * np.random.default_rng(0).random((40_000, len(low)))
    share = volume / np.prod(high - low)
    deviation = np.sqrt(share * (1.0 - share) / len(points))
    assert abs(np.mean(shape.contains(points)) - share) <= 4.0 * deviation


@pytest.mark.parametrize("name", SHAPES)
def test_boundary_points_lie_on_the_boundary_and_normals_point_outwards(name):
    shape, _ = SHAPES[name]
    points, normals = shape.sample_boundary(300, seed=1)
    assert points.shape == normals.shape == (300, len(shape.coordinates))
    np.testing.assert_allclose(shape.distance(points), 0.0, atol=1e-12)
    np.testing.assert_allclose(np.sum(normals**2, axis=1), 1.0, rtol=1e-12)
    assert np.all(shape.contains(points - 1e-6 * normals))
    assert not np.any(shape.contains(points + 1e-6 * normals))


@pytest.mark.parametrize("sequence", ["latin hypercube", "sobol", "halton", "uniform"])
def test_points_inside_are_inside_and_repeatable(sequence):
    points = CORNER.sample(501, seed=3, sequence=sequence)
    assert points.shape == (501, 2)
    assert np.all(CORNER.contains(points))
    np.testing.assert_array_equal(points, CORNER.sample(501, seed=3, sequence=sequence))
    assert np.any(points != CORNER.sample(501, seed=4, sequence=sequence))
    # A third of the corner lies in each of its three squares.
    quarter = np.mean((points[:, 0] < 0.0) & (points[:, 1] < 0.0))
    assert quarter == pytest.approx(1.0 / 3.0, abs=0.08)


def test_faces_share_points_by_area_and_an_interval_has_both_ends():
    points, _ = Box(x=(0.0, 3.0), y=(0.0, 1.0)).sample_boundary(800, seed=0)
    assert np.mean((points[:, 1] == 0.0) | (points[:, 1] == 1.0)) == pytest.approx(0.75, abs=0.01)
    ends, normals = Box(x=(-1.0, 2.0)).sample_boundary(2, seed=5)
    np.testing.assert_array_equal(ends, [[-1.0], [2.0]])
    np.testing.assert_array_equal(normals, [[-1.0], [1.0]])


def test_a_part_of_the_boundary():
    points, _ = SQUARE.sample_boundary(50, where=lambda p: p[:, 0] == 1.0)
    np.testing.assert_array_equal(points[:, 0], 1.0)


def test_distance_of_a_polygon_is_that_of_the_box_it_is():
    square = Polygon([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    points = np.random.default_rng(0).uniform(-2.0, 2.0, (500, 2))
    np.testing.assert_allclose(square.distance(points), SQUARE.distance(points), atol=1e-12)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Box(), "at least one interval"),
        (lambda: Box(time=(0.0, 1.0)), "one letter"),
        (lambda: Box(x=(1.0, 1.0)), "lower to an upper end"),
        (lambda: Ball((0.0, 0.0), 0.0), "radius=0.0"),
        (lambda: Ball((0.0, 0.0), 1.0, "xyz1"), "each coordinate"),
        (lambda: Polygon([[0, 0], [1, 1]]), "three at least"),
        (lambda: Polygon([[0, 0], [1, 1], [2, 2]]), "no area"),
        (lambda: SQUARE & Ball((0.0, 0.0, 0.0), 1.0), "same coordinates"),
        (lambda: SQUARE * Box(x=(0.0, 1.0)), "different coordinates"),
        (lambda: SQUARE.sample(3, sequence="random"), "sequence='random'"),
        (lambda: (SQUARE - Box(x=(-2, 2), y=(-2, 2))).sample(3), "no interior"),
        (lambda: SQUARE.sample_boundary(3, where=lambda p: p[:, 0] > 1.0), "No part"),
    ],
)
def test_mistakes_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_clouds_without_sense_are_named():
    with pytest.raises(ValueError, match=r"shapes \(400, 2\) and \(3, 2\)"):
        PointCloud(AROUND, AROUND[:3])
    with pytest.raises(ValueError, match="normals must point outwards"):
        PointCloud(AROUND, -AROUND)
    with pytest.raises(ValueError, match="normals must not vanish"):
        PointCloud(AROUND, 0.0 * AROUND)


@pytest.mark.parametrize(
    "name", ["square", "corner", "disc", "ring", "lens", "two", "ball", "cylinder"]
)
def test_approximate_distances_vanish_on_the_boundary_and_rise_by_one(name):
    shape, _ = SHAPES[name]
    field = shape.approximate_distance(Coordinates(shape.coordinates))
    points, normals = shape.sample_boundary(300, seed=1)
    step = 1e-2
    inside, value = (np.asarray(field(points - s * normals)) for s in (step, 0.0))
    np.testing.assert_allclose(value, 0.0, atol=1e-6)
    far_from_corners = np.abs(shape.distance(points - step * normals) - step) < 1e-9
    # Curvature changes the slope by the step over a radius.
    slopes = inside[far_from_corners] / step
    assert np.quantile(np.abs(slopes - 1.0), 0.8) < 0.06
    assert np.all(np.asarray(field(shape.sample(500))) > 0.0)


def test_a_shape_without_a_smooth_distance_says_so():
    with pytest.raises(NotImplementedError, match="A PointCloud has no smooth"):
        ELLIPSE.approximate_distance(Coordinates("xy"))
