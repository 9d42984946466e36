"""Fields in balance on elements: sources and fluxes at points, and their exact linearization."""

import numpy as np
from scipy import sparse


class Balance:
    """Fields `u` on elements with `integral of w s(u, grad u) - grad w . f(u, grad u) = 0`.

    For all weights `w` that the elements know, each field its own equation with a source `s` and a
    flux `f`, which are functions of the fields and their gradients at the same point. With
    `g = G u`, the values and gradients at all points, the residual is `G^T W h(G u)`, and its
    Jacobian `G^T W h' G`, where `h'` comes from central differences at all points at once: that is
    all that is asked of a closure.

    Args:
        elements: `LinearElements`.
        local: Function from `(num_fields, 1 + dim, n)`, values and gradients, to sources and minus
            the fluxes, in the same shape; `n` is a multiple of the number of points.
        free: `(num_fields, num_nodes)`, false where a field is zero: at walls.
        scales: `(num_fields,)`, integrals of the sources in units of which the residual is told.
        sizes: `(num_fields,)`, magnitudes below which a field's change counts as small.
        squared: `(num_fields,)`, true for fields that are the square root of what is conserved.
        linear: Sparse matrix on all nodes of all fields that is added to the Jacobian, and its
            product with the fields to the residual.
    """

    def __init__(self, elements, local, free, scales, sizes, squared, linear=None):
        self.elements, self.local = elements, local
        self.scales, self.sizes, self.squared = scales, sizes, squared
        self.free = np.flatnonzero(free)
        self._shape = free.shape
        gather = sparse.kron(sparse.eye(len(free)), elements.gather, format="csr")
        self._gather = gather[:, self.free]
        kinds = len(free) * (1 + elements.points.shape[1])
        self._scatter = (self._gather.T @ sparse.diags(np.tile(elements.weights, kinds))).tocsr()
        self._linear = None if linear is None else linear.tocsr()[self.free][:, self.free]

    def fields(self, u):
        """All nodes' values `(num_fields, num_nodes)` from those that are free."""
        values = np.zeros(self._shape)
        values.ravel()[self.free] = u
        return values

    def at_points(self, u):
        """`(num_fields, 1 + dim, num_points)`: values and gradients."""
        shape = (self._shape[0], -1, len(self.elements.weights))
        return (self._gather @ u).reshape(shape)

    def residual(self, u):
        residual = self._scatter @ self.local(self.at_points(u)).ravel()
        return residual if self._linear is None else residual + self._linear @ u

    def imbalance(self, residual):
        """The largest of the fields' integrals of the absolute residual, in their scales."""
        parts = self.fields(np.abs(residual)).sum(axis=1)
        return np.max(parts / np.asarray(self.scales))

    def inertia(self, u):
        """What a change of each value in a unit of time costs: the diagonal of the mass matrix."""
        values = np.where(np.asarray(self.squared)[:, None], 2.0 * self.fields(u), 1.0)
        return (np.abs(values) * self.elements.mass).ravel()[self.free]

    def jacobian(self, u, precision):
        """Jacobian of a `local` that computes to a relative `precision`."""
        g = self.at_points(u)
        blocks = _local_jacobian(self.local, g, precision ** (1.0 / 3.0))
        kinds, n = blocks.shape[0], blocks.shape[-1]
        rows = (np.arange(kinds)[:, None, None] * n + np.arange(n)).repeat(kinds, axis=1)
        columns = rows.swapaxes(0, 1)
        entries = (blocks.ravel(), (rows.ravel(), columns.ravel()))
        middle = sparse.csr_matrix(entries, shape=(kinds * n, kinds * n))
        matrix = self._scatter @ middle @ self._gather
        return matrix if self._linear is None else matrix + self._linear


def _local_jacobian(local, g, share):
    """`(outputs, inputs, n)`: what `local` changes by, per change of its inputs there."""
    kinds, n = g.shape[0] * g.shape[1], g.shape[2]
    size = np.abs(g).mean(axis=2, keepdims=True)
    step = (share * (np.abs(g) + 0.1 * size + 1e-12)).reshape(kinds, 1, n)
    moves = np.eye(kinds)[:, :, None] * step
    flat = g.reshape(1, kinds, n)
    trials = np.concatenate([flat + moves, flat - moves])
    trials = np.moveaxis(trials, 0, 1).reshape(*g.shape[:2], -1)
    values = np.moveaxis(local(trials).reshape(kinds, 2 * kinds, n), 1, 0)
    return np.moveaxis((values[:kinds] - values[kinds:]) / (2.0 * step), 0, 1)
