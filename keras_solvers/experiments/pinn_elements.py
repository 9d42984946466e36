"""Steady flows by finite elements, beside `run pinn`: Taylor-Hood, Newton, a direct solver."""

import numpy as np
from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator
from scipy.sparse import block_array
from scipy.sparse.linalg import spsolve
from scipy.spatial import Delaunay, cKDTree

_STEPS = 20  # of Newton; it doubles the digits each time
_PICARD = 4  # steps before, in which the flow that carries is the last one: from far away
_ROUNDS = 8  # of smoothing of the mesh


def steady_flow(mesh, viscosity, speed, free=None):
    """The steady Navier-Stokes equations by quadratic velocities and linear pressures.

    Picard's iteration, then Newton's method (Elman, Silvester and Wathen, Finite Elements and Fast
    Iterative Solvers, 2014, chapters 5 and 8).

    Args:
        mesh: Mesh of triangles of scikit-fem.
        viscosity: Kinematic viscosity.
        speed: Function from coordinates to `(u, v)` on the boundary.
        free: Function from coordinates to booleans: where fluid leaves without stress. The
            pressure is 0 there, or where the mesh is next to the origin if `None`.

    Returns:
        Function from points `(num_points, 2)` to `(u, v, p)`.

    Raises:
        RuntimeError: If Newton's method does not converge.
    """
    import skfem

    basis = skfem.Basis(mesh, skfem.ElementVector(skfem.ElementTriP2()), intorder=5)
    pressures = basis.with_element(skfem.ElementTriP1())
    stiffness, divergence, convection, carried, linearised = _forms(basis, pressures, viscosity)
    x, fixed = _boundary_values(basis, pressures, speed, free)
    inner = np.setdiff1d(np.arange(len(x)), fixed)
    num = basis.N
    for step in range(_STEPS):
        flow = basis.interpolate(x[:num])
        left = np.r_[
            stiffness @ x[:num] + divergence.T @ x[num:] + convection(flow), divergence @ x[:num]
        ]
        slope = stiffness + (carried if step < _PICARD else linearised)(flow)
        matrix = block_array([[slope, divergence.T], [divergence, None]], format="csc")
        change = spsolve(matrix[inner][:, inner], -left[inner])
        x[inner] += change
        if np.max(np.abs(change)) < 1e-9 * np.max(np.abs(x)):
            u, v = x[0:num:2], x[1:num:2]
            at = [basis.doflocs[:, 0::2], basis.doflocs[:, 1::2], pressures.doflocs]
            parts = [_linear(w.T, f) for w, f in zip(at, (u, v, x[num:]), strict=True)]
            return lambda points: np.stack([part(points) for part in parts], axis=1)
    raise RuntimeError(f"Newton's method did not converge in {_STEPS} steps.")


def _forms(basis, pressures, viscosity):
    """Viscous stiffness, divergence, and convection as functions of the flow."""
    import skfem
    from skfem.helpers import ddot, div, grad

    viscous = skfem.BilinearForm(lambda u, v, w: viscosity * ddot(grad(u), grad(v)))
    divergence = skfem.BilinearForm(lambda u, q, w: -div(u) * q)

    def along(a, b, v):  # (a . grad) b . v
        return np.einsum("ij...,j...,i...->...", grad(b), a, v)

    convection = skfem.LinearForm(lambda v, w: along(w["flow"], w["flow"], v))
    carried = skfem.BilinearForm(lambda u, v, w: along(w["flow"], u, v))
    linearised = skfem.BilinearForm(lambda u, v, w: along(w["flow"], u, v) + along(u, w["flow"], v))
    return (
        viscous.assemble(basis),
        divergence.assemble(basis, pressures),
        lambda flow: convection.assemble(basis, flow=flow),
        lambda flow: carried.assemble(basis, flow=flow),
        lambda flow: linearised.assemble(basis, flow=flow),
    )


def _boundary_values(basis, pressures, speed, free):
    """First values, and which of them are given."""
    x = np.zeros(basis.N + pressures.N)
    fixed = []
    for part, name in enumerate(("u^1", "u^2")):
        edge = basis.get_dofs().all([name])
        place = basis.doflocs[:, edge]
        if free is not None:
            edge, place = edge[~free(*place)], place[:, ~free(*place)]
        x[edge] = speed(*place)[part]
        fixed.append(edge)
    if free is None:
        fixed.append([basis.N + np.argmin(np.hypot(*pressures.doflocs))])
    return x, np.concatenate(fixed)


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


def _linear(places, values):
    inside, near = LinearNDInterpolator(places, values), NearestNDInterpolator(places, values)

    def at(points):
        found = inside(points)
        return np.where(np.isfinite(found), found, near(points))  # curved boundaries

    return at
