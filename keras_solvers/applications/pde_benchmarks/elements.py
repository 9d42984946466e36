"""Steady flows by finite elements, beside `run pinn`: Taylor-Hood, Newton, a direct solver."""

import numpy as np
from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator
from scipy.sparse import block_array
from scipy.sparse.linalg import spsolve

_STEPS = 20  # of Newton; it doubles the digits each time
_PICARD = 4  # steps before, in which the flow that carries is the last one: from far away


def steady_flow(mesh, viscosity, speed, outlet=None, backflow=0.0):
    """The steady Navier-Stokes equations by quadratic velocities and linear pressures.

    Picard's iteration, then Newton's method (Elman, Silvester and Wathen, Finite Elements and Fast
    Iterative Solvers, 2014, chapters 5 and 8).

    Args:
        mesh: Mesh of triangles of scikit-fem.
        viscosity: Kinematic viscosity.
        speed: Function from coordinates to `(u, v)` on the boundary.
        outlet: Function from coordinates to booleans: where fluid leaves along x. The pressure is
            0 there, or where the mesh is next to the origin if `None`.
        backflow: Where fluid enters through the outlet, the pressure is `-backflow u^2`.

    Returns:
        Function from points `(num_points, 2)` to `(u, v, p)`.

    Raises:
        RuntimeError: If Newton's method does not converge.
    """
    import skfem

    basis = skfem.Basis(mesh, skfem.ElementVector(skfem.ElementTriP2()), intorder=5)
    pressures = basis.with_element(skfem.ElementTriP1())
    stiffness, divergence, convection, carried, linearised = _forms(basis, pressures, viscosity)
    held, holding = _outlet_forms(basis, outlet, backflow)
    x, fixed = _boundary_values(basis, pressures, speed, outlet)
    inner = np.setdiff1d(np.arange(len(x)), fixed)
    num = basis.N
    for step in range(_STEPS):
        flow = basis.interpolate(x[:num])
        forces = stiffness @ x[:num] + divergence.T @ x[num:] + convection(flow) + held(x[:num])
        left = np.r_[forces, divergence @ x[:num]]
        slope = stiffness + (carried if step < _PICARD else linearised)(flow) + holding(x[:num])
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


def _outlet_forms(basis, outlet, backflow):
    """Force of the outlet on the flow and its derivative, as functions of the flow."""
    import skfem

    facets = outlet and basis.mesh.facets_satisfying(lambda x: outlet(*x), boundaries_only=True)
    edge = basis.boundary(facets)

    def entering(w):
        return np.minimum(w["flow"][0], 0.0)

    force = skfem.LinearForm(lambda v, w: -backflow * entering(w) ** 2 * v[0])
    slope = skfem.BilinearForm(lambda u, v, w: -2.0 * backflow * entering(w) * u[0] * v[0])
    return (
        lambda x: force.assemble(edge, flow=edge.interpolate(x)),
        lambda x: slope.assemble(edge, flow=edge.interpolate(x)),
    )


def _boundary_values(basis, pressures, speed, outlet):
    """First values, and which of them are given."""
    x = np.zeros(basis.N + pressures.N)
    fixed = []
    for part, name in enumerate(("u^1", "u^2")):
        edge = basis.get_dofs().all([name])
        place = basis.doflocs[:, edge]
        if outlet is not None and part == 0:
            given = ~outlet(*place)
            edge, place = edge[given], place[:, given]
        x[edge] = speed(*place)[part]
        fixed.append(edge)
    if outlet is None:
        fixed.append([basis.N + np.argmin(np.hypot(*pressures.doflocs))])
    return x, np.concatenate(fixed)


def _linear(places, values):
    inside, near = LinearNDInterpolator(places, values), NearestNDInterpolator(places, values)

    def at(points):
        found = inside(points)
        return np.where(np.isfinite(found), found, near(points))  # curved boundaries

    return at
