"""Galerkin discretisation of conservation laws on elements, with a pointwise linearisation."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Self

import numpy as np
from scipy import sparse

from keras_solvers.numerics.elements import LinearElements


@dataclasses.dataclass(frozen=True)
class DiscreteField:
    """One unknown field of a `GalerkinSystem`, given by its free coefficients.

    Attributes:
        gather: Sparse `(num_kinds * num_points, num_values)`: maps the coefficients to values of
            the field at the Gauss points, and to the derivatives along all axes.
        mass: Sparse mass matrix `(num_values, num_values)`.
        scale: Integral of a typical source, the unit of the residual.
        size: Typical magnitude of the coefficients, a lower bound for relative changes.
        squared: Whether the conserved quantity is the square of the field.
    """

    gather: sparse.spmatrix
    mass: sparse.spmatrix
    scale: float
    size: float
    squared: bool = False

    @classmethod
    def at_nodes(
        cls,
        elements: LinearElements,
        free: np.ndarray | slice,
        scale: float,
        size: float,
        squared: bool = False,
    ) -> Self:
        """A field of `LinearElements` that vanishes at all nodes which are not `free`: at walls."""
        mass = sparse.diags(elements.mass[free], format="csr")
        return cls(elements.gather[:, free], mass, scale, size, squared)


class GalerkinSystem:
    """The equations `integral of w s(u, grad u) - grad w . f(u, grad u) = 0` for fields `u`.

    They hold for all test functions `w` of each field. The source `s` and the flux `f` of each
    equation are functions of the fields and their gradients at the same point. With the values and
    gradients `g = G u` at all Gauss points, the quadrature weights `W` and the integrand `h`, the
    residual is `G^T W h(G u)` and its Jacobian `G^T W h' G`. Central differences at all points at
    once give `h'`, so a closure needs no derivatives.

    Args:
        elements: Elements, for their Gauss points and weights.
        integrand: Function from values and gradients, `(num_kinds, 1 + dim, n)`, to sources and
            negative fluxes of the same shape; `n` is a multiple of the number of points.
        fields: The unknown fields.
    """

    def __init__(
        self,
        elements: LinearElements,
        integrand: Callable[[np.ndarray], np.ndarray],
        fields: Sequence[DiscreteField],
    ):
        self.integrand = integrand
        self._fields = fields
        self._ends = np.cumsum([field.gather.shape[1] for field in fields])[:-1]
        self._gather = sparse.block_diag([field.gather for field in fields], format="csr")
        n = len(elements.weights)
        self._shape = (-1, 1 + elements.points.shape[1], n)
        weights = sparse.diags(np.tile(elements.weights, self._gather.shape[0] // n))
        self._scatter = (self._gather.T @ weights).tocsr()

    def parts(self, u):
        """Splits the vector of unknowns into the coefficients of each field."""
        return np.split(u, self._ends)

    def at_points(self, u):
        """Values and gradients at the Gauss points, `(num_kinds, 1 + dim, num_points)`."""
        return (self._gather @ u).reshape(self._shape)

    def residual(self, u):
        return self._scatter @ self.integrand(self.at_points(u)).ravel()

    def imbalance(self, residual):
        """Norm of a residual: the largest scaled l1 norm of a field."""
        parts = zip(self.parts(np.abs(residual)), self._fields, strict=True)
        return np.max([part.sum() / field.scale for part, field in parts])  # NaN if one is

    def change(self, u, step):
        """The largest relative change of a coefficient in a step."""
        parts = zip(self.parts(np.abs(u)), self.parts(np.abs(step)), self._fields, strict=True)
        return np.max([np.max(moved / (value + field.size)) for value, moved, field in parts])

    def inertia(self, u):
        """Mass matrix of the conserved quantities, linearised at `u`; sparse."""
        blocks = [
            field.mass @ sparse.diags(2.0 * np.abs(part)) if field.squared else field.mass
            for part, field in zip(self.parts(u), self._fields, strict=True)
        ]
        return sparse.block_diag(blocks, format="csr")

    def jacobian(self, u, precision):
        """Sparse Jacobian, for an integrand that is computed to a relative `precision`."""
        g = self.at_points(u)
        blocks = _pointwise_jacobian(self.integrand, g, precision ** (1.0 / 3.0))
        kinds, n = blocks.shape[0], blocks.shape[-1]
        rows = (np.arange(kinds)[:, None, None] * n + np.arange(n)).repeat(kinds, axis=1)
        columns = rows.swapaxes(0, 1)
        entries = (blocks.ravel(), (rows.ravel(), columns.ravel()))
        middle = sparse.csr_matrix(entries, shape=(kinds * n, kinds * n))
        return self._scatter @ middle @ self._gather


def _pointwise_jacobian(integrand, g, relative_step):
    """Derivatives of the outputs by the inputs at the same point, `(outputs, inputs, n)`."""
    kinds, n = g.shape[0] * g.shape[1], g.shape[2]
    mean = np.abs(g).mean(axis=2, keepdims=True)
    step = (relative_step * (np.abs(g) + 0.1 * mean + 1e-12)).reshape(kinds, 1, n)
    shifts = np.eye(kinds)[:, :, None] * step
    flat = g.reshape(1, kinds, n)
    trials = np.concatenate([flat + shifts, flat - shifts])
    trials = np.moveaxis(trials, 0, 1).reshape(*g.shape[:2], -1)
    values = np.moveaxis(integrand(trials).reshape(kinds, 2 * kinds, n), 1, 0)
    return np.moveaxis((values[:kinds] - values[kinds:]) / (2.0 * step), 0, 1)
