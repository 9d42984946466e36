"""Polygons in the plane."""

import numpy as np

from keras_solvers.numerics.geometry.geometry import Geometry


class Polygon(Geometry):
    """The inside of a closed line through vertices, in either sense of rotation.

    Args:
        vertices: `(num_vertices, 2)`; the last one is joined to the first.
        coordinates: Names of the two coordinates.

    Raises:
        ValueError: If there are fewer than three vertices, two neighbours are the same, or the
            area is zero.
    """

    def __init__(self, vertices, coordinates="xy"):
        vertices = np.asarray(vertices, float)
        if vertices.ndim != 2 or vertices.shape[1] != 2 or len(vertices) < 3:
            raise ValueError(
                f"`vertices` must be (num_vertices, 2), three at least. Received: {vertices.shape}"
            )
        edges = np.roll(vertices, -1, axis=0) - vertices
        lengths = np.sqrt(np.sum(edges**2, axis=1))
        (x, y), (dx, dy) = vertices.T, edges.T
        area = 0.5 * np.sum(x * dy - y * dx)  # positive if counter-clockwise
        if not lengths.min() > 0.0 or area == 0.0:
            raise ValueError(
                "The vertices enclose no area, or two neighbours are the same. "
                f"Received: {vertices.tolist()}"
            )
        self.coordinates = coordinates
        self.bounds = np.stack([vertices.min(0), vertices.max(0)], axis=1)
        self._vertices, self._edges, self._lengths = vertices, edges, lengths
        self._normals = np.sign(area) * np.stack([dy, -dx], axis=1) / lengths[:, None]

    @property
    def boundary_size(self):
        return float(self._lengths.sum())

    def distance(self, points):
        inside = np.zeros(len(points), bool)
        nearest = np.full(len(points), np.inf)
        for start, edge in zip(self._vertices, self._edges, strict=True):
            away = points - start
            along = np.clip(away @ edge / (edge @ edge), 0.0, 1.0)
            nearest = np.minimum(nearest, np.sum((away - along[:, None] * edge) ** 2, axis=1))
            # A ray to the right crosses the boundary an odd number of times from inside.
            if edge[1] != 0.0:
                crosses = (away[:, 1] >= 0.0) != (away[:, 1] >= edge[1])
                inside ^= crosses & (away[:, 0] < edge[0] * away[:, 1] / edge[1])
        return np.where(inside, 1.0, -1.0) * np.sqrt(nearest)

    def propose_boundary(self, num_points, rng):
        edge = rng.choice(len(self._edges), num_points, p=self._lengths / self._lengths.sum())
        points = self._vertices[edge] + rng.random((num_points, 1)) * self._edges[edge]
        return points, self._normals[edge]
