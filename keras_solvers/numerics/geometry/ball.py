"""Discs and balls."""

import math

import numpy as np

from keras_solvers.numerics.geometry.geometry import Geometry


class Ball(Geometry):
    """All points nearer to a centre than a radius: a disc, a ball.

    Args:
        center: Coordinates of the centre.
        radius: Radius.
        coordinates: Names of the coordinates.

    Raises:
        ValueError: If the radius is not positive, or names and centre differ in number.
    """

    def __init__(self, center, radius, coordinates="xyz"):
        center = np.asarray(center, float)
        if coordinates == "xyz":
            coordinates = coordinates[: len(center)]
        if not radius > 0.0:
            raise ValueError(f"`radius` must be positive. Received: radius={radius}")
        if len(coordinates) != len(center):
            raise ValueError(
                "`coordinates` names each coordinate of `center` by a letter. Received: "
                f"coordinates={coordinates!r}, center={center.tolist()}"
            )
        self.coordinates, self.center, self.radius = coordinates, center, float(radius)
        self.bounds = np.stack([center - radius, center + radius], axis=1)

    @property
    def boundary_size(self):
        n = len(self.center)
        return 2.0 * math.pi ** (n / 2) / math.gamma(n / 2) * self.radius ** (n - 1)

    def distance(self, points):
        return self.radius - np.sqrt(np.sum((points - self.center) ** 2, axis=1))

    def approximate_distance(self, x):
        places = [getattr(x, name) for name in self.coordinates]
        square = sum((p - c) ** 2 for p, c in zip(places, self.center.tolist(), strict=True))
        return (self.radius**2 - square) / (2.0 * self.radius)

    def propose_boundary(self, num_points, rng):
        normals = rng.normal(size=(num_points, len(self.center)))
        normals /= np.sqrt(np.sum(normals**2, axis=1, keepdims=True))
        return self.center + self.radius * normals, normals
