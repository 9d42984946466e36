"""Linear finite elements on an interval or a rectangle, as sparse matrices."""

import functools

import numpy as np
from scipy import sparse


class LinearElements:
    """Fields that are linear in each cell, or the product of linear ones, and Gauss points in it.

    A field is known by its values at the nodes, in the order of the rows of `nodes`.

    Args:
        axes: Coordinates of the nodes along each axis, increasing.
        num_points: Gauss points of a cell along each axis: with one, the flux is constant in a
            cell of an interval, and its balance over the cells around a node exact.

    Attributes:
        nodes: `(num_nodes, dim)`.
        points: `(num_points, dim)`, the Gauss points of all cells.
        weights: `(num_points,)`, their lengths or areas.
        gather: `((1 + dim) num_points, num_nodes)`, sparse: the values of a field at the points,
            then its derivatives along each axis.
        mass: `(num_nodes,)`, lengths or areas that belong to the nodes.
    """

    def __init__(self, *axes, num_points=2):
        self.nodes = _grid([np.asarray(axis, dtype="float64") for axis in axes])
        along = [_along(np.asarray(axis, dtype="float64"), num_points) for axis in axes]
        self.points = _grid([points for points, *_ in along])
        self.weights = functools.reduce(np.kron, [weights for _, weights, *_ in along])
        rows = [_product([value for *_, value, _ in along])]
        for axis in range(len(axes)):
            factors = [a[3] if i == axis else a[2] for i, a in enumerate(along)]
            rows.append(_product(factors))
        self.gather = sparse.vstack(rows, format="csr")
        self.mass = rows[0].T @ self.weights


def stretched(num_cells, ratio):
    """`num_cells + 1` coordinates from 0 to 1; the last cell is about `ratio` times the first.

    The exponential of an even grid, so that twice as many cells refine the same grid.
    """
    even = np.linspace(0.0, 1.0, num_cells + 1)
    return (ratio**even - 1.0) / (ratio - 1.0)


def _grid(axes):
    return np.stack([a.ravel() for a in np.meshgrid(*axes, indexing="ij")], axis=-1)


def _product(factors):
    return functools.reduce(sparse.kron, factors).tocsr()


def _along(nodes, num_points):
    """Points, weights, and matrices of values and derivatives of an axis."""
    places, weights = np.polynomial.legendre.leggauss(num_points)
    share = 0.5 * (1.0 + places)
    width = np.diff(nodes)
    points = (nodes[:-1, None] + width[:, None] * share).ravel()
    left = np.repeat(np.arange(len(width)), num_points)
    upper = np.tile(share, len(width))
    slope = 1.0 / np.repeat(width, num_points)
    rows = np.arange(len(points))

    def matrix(first, second):
        entries = (np.concatenate([first, second]), (np.tile(rows, 2), np.append(left, left + 1)))
        return sparse.csr_matrix(entries, shape=(len(points), len(nodes)))

    lengths = (width[:, None] * 0.5 * weights).ravel()
    return points, lengths, matrix(1.0 - upper, upper), matrix(-slope, slope)
