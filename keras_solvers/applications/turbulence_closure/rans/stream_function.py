"""Motion across a rectangle that loses no fluid: the curl of a stream function of splines."""

import numpy as np
from scipy import sparse
from scipy.interpolate import BSpline

_DEGREE = 2  # the least with which velocities are continuous


class StreamFunction:
    """`V = d psi / dz`, `W = -d psi / dy`, with `psi` a product of quadratic splines.

    No slip along the first side of each axis, and no flow through the second, where nothing else is
    asked: a weak form leaves it free of friction, as symmetry demands.

    The divergence is zero everywhere, so that a pressure does no work on these motions and drops
    out of the weak form. That is more than comfort: between walls, stresses are balanced by the
    pressure but for a percent, and elements whose pressure does that in the mean over cells only
    are driven by what is left (John, Linke, Merdon, Neilan and Rebholz, On the divergence
    constraint in mixed finite element methods for incompressible flows, 2017, SIAM Review 59).

    Args:
        elements: `LinearElements` of two axes, for their Gauss points.

    Attributes:
        gather: Sparse `(6 num_points, num_values)`: `V, dV/dy, dV/dz, W, dW/dy, dW/dz`.
        mass: Sparse `(num_values, num_values)`: the integral of `V V' + W W'`.
    """

    def __init__(self, elements):
        self._axes = [np.unique(column) for column in elements.nodes.T]
        y, z = (np.unique(column) for column in elements.points.T)
        along = zip(self._along(y, 0), self._along(z, 1), strict=True)
        (y0, z0), (y1, z1), (y2, z2) = along
        kron = sparse.kron
        v = [kron(y0, z1), kron(y1, z1), kron(y0, z2)]
        w = [-kron(y1, z0), -kron(y2, z0), -kron(y1, z1)]
        self.gather = sparse.vstack([*v, *w], format="csr")
        velocity = sparse.vstack([v[0], w[0]], format="csr")
        self.mass = velocity.T @ sparse.diags(np.tile(elements.weights, 2)) @ velocity

    def at_nodes(self, values):
        """`(2, num_nodes)`: the velocity at the nodes of the elements."""
        y, z = (self._along(axis, i) for i, axis in enumerate(self._axes))
        return np.stack([sparse.kron(y[0], z[1]) @ values, -sparse.kron(y[1], z[0]) @ values])

    def _along(self, places, axis):
        """Values, first and second derivatives of all splines of an axis, `(places, splines)`."""
        nodes = self._axes[axis]
        knots = np.pad(nodes, _DEGREE, mode="edge")
        splines = BSpline(knots, np.eye(len(knots) - _DEGREE - 1), _DEGREE)
        # The first two have a value or a slope at the wall, the last has a value at symmetry.
        return [sparse.csr_matrix(splines(places, nu=n)[:, 2:-1]) for n in range(3)]
