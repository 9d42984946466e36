"""Meshes of triangles and quadratures on them; of scikit-fem, extra `fluids`."""

import numpy as np
from scipy.spatial import Delaunay, cKDTree

_ROUNDS = 8  # of smoothing


def graded_square(cells):
    """A mesh of the unit square that is finer at its sides, and finest at its corners."""
    import skfem

    x = 0.5 - 0.5 * np.cos(np.pi * np.arange(cells + 1) / cells)
    return skfem.MeshTri.init_tensor(x, x)


def triangles(geometry, corners, spacing):
    """A mesh of any shape: points on the boundary, a smoothed lattice inside, and Delaunay.

    Args:
        geometry: `Geometry` of two coordinates.
        corners: Corners of its boundary, `(number, 2)`.
        spacing: Side of a triangle.
    """
    import skfem

    (west, east), (south, north) = geometry.bounds
    x, y = np.meshgrid(
        np.arange(west, east, spacing), np.arange(south, north, spacing * np.sqrt(0.75))
    )
    x = x + 0.5 * spacing * (np.arange(len(x)) % 2)[:, None]
    inside = np.stack([x.ravel(), y.ravel()], axis=1)
    edge = _spread_boundary(geometry, corners, spacing)
    points = np.concatenate([edge, inside[geometry.distance(inside) > 0.6 * spacing]])
    for _ in range(_ROUNDS):
        joined = _joined(geometry, points)
        pairs = np.concatenate([joined[:, [i, j]] for i in range(3) for j in range(3) if i != j])
        total, number = np.zeros_like(points), np.zeros(len(points))
        np.add.at(total, pairs[:, 0], points[pairs[:, 1]])
        np.add.at(number, pairs[:, 0], 1.0)
        points[len(edge) :] = (total / np.maximum(number, 1.0)[:, None])[len(edge) :]
    return skfem.MeshTri(points.T.copy(), _joined(geometry, points).T.copy())


def refined(mesh, places, distances):
    """The mesh with triangles near some places divided, once for each distance."""
    for distance in distances:
        middles = mesh.p[:, mesh.t].mean(axis=1).T
        away, _ = cKDTree(places).query(middles)
        mesh = mesh.refined(np.flatnonzero(away < distance))
    return mesh


def quadrature(mesh, order):
    """Points `(num_points, 2)` and weights that integrate polynomials of an order on triangles."""
    import skfem

    basis = skfem.Basis(mesh, skfem.ElementTriP0(), intorder=order)
    points = np.moveaxis(np.asarray(basis.global_coordinates()), 0, -1)
    return points.reshape(-1, 2), basis.dx.ravel()


def _joined(geometry, points):
    triangle = Delaunay(points).simplices
    a, b, c = (points[triangle[:, i]] for i in range(3))
    area = np.abs(np.linalg.det(np.stack([b - a, c - a], axis=1)))
    kept = (geometry.distance((a + b + c) / 3.0) > 0.0) & (area > 1e-8)
    return triangle[kept]


def _spread_boundary(geometry, corners, spacing):
    """Corners, and points of the boundary that keep a distance of each other."""
    proposed, _ = geometry.sample_boundary(int(60 * geometry.boundary_size / spacing))
    proposed = np.concatenate([np.asarray(corners, float), proposed])
    tree, free, chosen = cKDTree(proposed), np.ones(len(proposed), bool), []
    for i, point in enumerate(proposed):
        if free[i]:
            chosen.append(point)
            free[tree.query_ball_point(point, 0.7 * spacing)] = False
    return np.array(chosen)
