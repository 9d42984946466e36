"""Shapes whose boundary is known at points alone."""

import numpy as np
from scipy.spatial import cKDTree

from keras_solvers.numerics.geometry.geometry import Geometry


class PointCloud(Geometry):
    """The inside of a closed boundary that was scanned: points of it and outward normals.

    A place is inside if it lies behind the tangent plane of the nearest point of the boundary;
    right up to the square of the distance between neighbours over the radius of curvature, and at
    edges up to that distance itself.

    Args:
        boundary: Points of the boundary, `(num_points, dimensions)`, about evenly spread.
        normals: Their outward normals, of any length.
        coordinates: Names of the coordinates.

    Raises:
        ValueError: If shapes differ, a normal vanishes, or most normals point inwards.
    """

    def __init__(self, boundary, normals, coordinates="xyz"):
        boundary, normals = np.asarray(boundary, float), np.asarray(normals, float)
        if boundary.ndim != 2 or boundary.shape != normals.shape or len(boundary) < 3:
            raise ValueError(
                "A cloud has points (num_points, dimensions) and a normal for each, three at "
                f"least. Received: shapes {boundary.shape} and {normals.shape}"
            )
        lengths = np.linalg.norm(normals, axis=1)
        if not (np.isfinite(boundary).all() and np.isfinite(lengths).all() and lengths.min() > 0):
            raise ValueError("Points must be finite and normals must not vanish.")
        self.coordinates = coordinates[: boundary.shape[1]]
        self.bounds = np.stack([boundary.min(0), boundary.max(0)], axis=1)
        self._boundary, self._normals = boundary, normals / lengths[:, None]
        self._tree = cKDTree(boundary)
        self._spacing = float(np.median(self._tree.query(boundary, k=2)[0][:, 1]))
        outside = boundary.mean(0) + 2.0 * np.ptp(boundary, axis=0) * np.eye(boundary.shape[1])
        if np.any(self.contains(outside)):
            raise ValueError(
                "Places far away would be inside: normals must point outwards. Turn their signs."
            )

    @property
    def boundary_size(self):
        dimensions = len(self.coordinates)
        return len(self._boundary) * self._spacing ** (dimensions - 1)

    def distance(self, points):
        nearest, index = self._tree.query(points)
        behind = np.sum((points - self._boundary[index]) * self._normals[index], axis=1) < 0.0
        return np.where(behind, nearest, -nearest)

    def propose_boundary(self, num_points, rng):
        chosen = rng.integers(len(self._boundary), size=num_points)
        return self._boundary[chosen], self._normals[chosen]
