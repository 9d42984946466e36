"""Divergence-free velocities in a rectangle: curls of spline stream functions."""

import numpy as np
from scipy import sparse
from scipy.interpolate import BSpline

from keras_solvers.numerics.elements import LinearElements

_DEGREE = 2  # the lowest degree with continuous velocities


class StreamFunction:
    """`V = d psi / dz`, `W = -d psi / dy` with `psi` a tensor product of quadratic splines.

    The velocity vanishes at the first boundary of each axis, a no-slip wall. At the second, a
    symmetry plane, only its normal component vanishes; the weak form makes the plane stress-free.

    The divergence is zero everywhere, so the pressure drops out of the weak form. This improves the
    accuracy, too. Between walls the pressure balances the stresses up to one percent. Elements
    whose divergence vanishes only on average over cells would be dominated by the error of this
    balance (John, Linke, Merdon, Neilan and Rebholz, On the divergence constraint in mixed finite
    element methods for incompressible flows, 2017, SIAM Review 59).

    Args:
        elements: Elements with two axes, for their Gauss points.

    Attributes:
        gather: Sparse `(6 num_points, num_values)`: `V, dV/dy, dV/dz, W, dW/dy, dW/dz`.
        mass: Sparse `(num_values, num_values)`: the integral of `V V' + W W'`.
    """

    def __init__(self, elements: LinearElements):
        self._axes = [np.unique(column) for column in elements.nodes.T]
        y, z = (np.unique(column) for column in elements.points.T)
        derivatives = zip(self._splines(y, 0), self._splines(z, 1), strict=True)
        (y0, z0), (y1, z1), (y2, z2) = derivatives
        kron = sparse.kron
        v = [kron(y0, z1), kron(y1, z1), kron(y0, z2)]
        w = [-kron(y1, z0), -kron(y2, z0), -kron(y1, z1)]
        self.gather = sparse.vstack([*v, *w], format="csr")
        velocity = sparse.vstack([v[0], w[0]], format="csr")
        self.mass = velocity.T @ sparse.diags(np.tile(elements.weights, 2)) @ velocity

    def at_nodes(self, values: np.ndarray) -> np.ndarray:
        """The velocity at the nodes of the elements, `(2, num_nodes)`."""
        y, z = (self._splines(axis, i) for i, axis in enumerate(self._axes))
        return np.stack([sparse.kron(y[0], z[1]) @ values, -sparse.kron(y[1], z[0]) @ values])

    def _splines(self, coordinates, axis):
        """Splines of an axis and their first two derivatives, `(coordinates, splines)` each."""
        nodes = self._axes[axis]
        knots = np.pad(nodes, _DEGREE, mode="edge")
        splines = BSpline(knots, np.eye(len(knots) - _DEGREE - 1), _DEGREE)
        # The first two have a value or slope at the wall, the last has a value at the symmetry.
        return [sparse.csr_matrix(splines(coordinates, nu=n)[:, 2:-1]) for n in range(3)]
