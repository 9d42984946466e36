"""Fields in balance on elements: sources and fluxes at points, and their exact linearization."""

import dataclasses

import numpy as np
from scipy import sparse


@dataclasses.dataclass(frozen=True)
class Field:
    """One of the fields of a `Balance`, known by values that are free.

    Attributes:
        gather: Sparse `(kinds * num_points, num_values)`: what is seen of the field at the points,
            and the derivatives of that along all axes.
        mass: Sparse `(num_values, num_values)`: what a change in a unit of time costs.
        scale: The residual is told in units of this integral of the sources.
        size: Magnitude below which a change of the values counts as small.
        squared: Whether the field is the square root of what is conserved.
    """

    gather: sparse.spmatrix
    mass: sparse.spmatrix
    scale: float
    size: float
    squared: bool = False

    @classmethod
    def at_nodes(cls, elements, free, scale, size, squared=False):
        """A field of `LinearElements`, zero where a node is not `free`: at walls."""
        mass = sparse.diags(elements.mass[free], format="csr")
        return cls(elements.gather[:, free], mass, scale, size, squared)


class Balance:
    """Fields `u` on elements with `integral of w s(u, grad u) - grad w . f(u, grad u) = 0`.

    For all weights `w` that a field knows, each with a source `s` and a flux `f`, which are
    functions of the fields and their gradients at the same point. With `g = G u`, the values and
    gradients at all points, the residual is `G^T W h(G u)`, and its Jacobian `G^T W h' G`, where
    `h'` comes from central differences at all points at once: that is all that is asked of a
    closure.

    Args:
        elements: `LinearElements`, for their points and weights.
        local: Function from `(num_kinds, 1 + dim, n)`, values and gradients, to sources and minus
            the fluxes, in the same shape; `n` is a multiple of the number of points.
        fields: List of `Field`.
    """

    def __init__(self, elements, local, fields):
        self.local = local
        self._fields = fields
        self._ends = np.cumsum([field.gather.shape[1] for field in fields])[:-1]
        self._gather = sparse.block_diag([field.gather for field in fields], format="csr")
        n = len(elements.weights)
        self._shape = (-1, 1 + elements.points.shape[1], n)
        weights = sparse.diags(np.tile(elements.weights, self._gather.shape[0] // n))
        self._scatter = (self._gather.T @ weights).tocsr()

    def parts(self, u):
        """The free values of each field."""
        return np.split(u, self._ends)

    def at_points(self, u):
        """`(num_kinds, 1 + dim, num_points)`: values and gradients."""
        return (self._gather @ u).reshape(self._shape)

    def residual(self, u):
        return self._scatter @ self.local(self.at_points(u)).ravel()

    def imbalance(self, residual):
        """The largest of the fields' integrals of the absolute residual, in their scales."""
        parts = zip(self.parts(np.abs(residual)), self._fields, strict=True)
        return np.max([part.sum() / field.scale for part, field in parts])  # NaN if one is

    def change(self, u, step):
        """The largest change of a field by a step, relative to its size there."""
        parts = zip(self.parts(np.abs(u)), self.parts(np.abs(step)), self._fields, strict=True)
        return np.max([np.max(moved / (value + field.size)) for value, moved, field in parts])

    def inertia(self, u):
        """Sparse: what a change of the values in a unit of time costs."""
        blocks = [
            field.mass @ sparse.diags(2.0 * np.abs(part)) if field.squared else field.mass
            for part, field in zip(self.parts(u), self._fields, strict=True)
        ]
        return sparse.block_diag(blocks, format="csr")

    def jacobian(self, u, precision):
        """Jacobian of a `local` that computes to a relative `precision`."""
        g = self.at_points(u)
        blocks = _local_jacobian(self.local, g, precision ** (1.0 / 3.0))
        kinds, n = blocks.shape[0], blocks.shape[-1]
        rows = (np.arange(kinds)[:, None, None] * n + np.arange(n)).repeat(kinds, axis=1)
        columns = rows.swapaxes(0, 1)
        entries = (blocks.ravel(), (rows.ravel(), columns.ravel()))
        middle = sparse.csr_matrix(entries, shape=(kinds * n, kinds * n))
        return self._scatter @ middle @ self._gather


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
