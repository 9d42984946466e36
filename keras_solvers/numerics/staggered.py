"""Staggered (MAC) grids in any dimension: pressure in cells, normal velocities on faces.

A grid of `n` cells along an axis has `n + 1` faces there. Arrays are `(batch, *cells)` and, for the
faces of an axis, the same with one entry more along it; a velocity is a tuple of such arrays, one
for each axis. Lengths are in cells, so the divergence of a cell is the sum of its face differences.
Every side of the domain is `"closed"` (a wall), `"open"` (pressure zero on the face) or
`"periodic"` (both sides of an axis).

Reference: Harlow and Welch, Numerical calculation of time-dependent viscous incompressible flow of
fluid with free surface, 1965.
"""

import itertools

from keras import ops

CLOSED, OPEN, PERIODIC = "closed", "open", "periodic"


def along(axis, rank, start=None, stop=None, step=None):
    """Index of a slice along `axis` (counted without the batch) of an array of `rank` axes."""
    index = [slice(None)] * rank
    index[axis + 1] = slice(start, stop, step)
    return tuple(index)


def take(array, axis, start=None, stop=None, step=None):
    """A slice of an array along `axis`, counted without the batch."""
    return array[along(axis, len(array.shape), start, stop, step)]


def with_neighbours(array, axis, periodic):
    """The array with one entry more at both ends: zeros, or those of the opposite end."""
    if periodic:
        ends = take(array, axis, -1), take(array, axis, 0, 1)
    else:
        ends = (ops.zeros_like(take(array, axis, 0, 1)),) * 2
    return ops.concatenate([ends[0], array, ends[1]], axis=axis + 1)


def full_sides(sides, num_axes):
    """`((low, high), ...)` for each axis, of one word for all sides or a pair for each axis.

    Raises:
        ValueError: If a word is unknown, there are too few pairs, or one side alone is periodic.
    """
    pairs = ((sides, sides),) * num_axes if isinstance(sides, str) else tuple(map(tuple, sides))
    words = set(itertools.chain(*pairs))
    one_way = any((PERIODIC in pair) and pair[0] != pair[1] for pair in pairs)
    if len(pairs) != num_axes or words - {CLOSED, OPEN, PERIODIC} or one_way:
        raise ValueError(
            "`sides` must be 'closed', 'open' or 'periodic', or a pair (low, high) of them for "
            f"each of {num_axes} axes; an axis is periodic on both sides. Received: sides={sides}"
        )
    return pairs


def face_weights(fluid, sides):
    """How strongly the pressures at both sides of each face are coupled, a tuple by axis.

    1 between two cells of fluid, 0 at walls and solids, 2 at an open side, whose pressure zero is
    only half a cell away.

    Args:
        fluid: `(batch, *cells)`, 1 in fluid, 0 in solids.
        sides: As from `full_sides`.
    """
    weights = []
    for axis, (low, high) in enumerate(sides):
        inside = take(fluid, axis, 1) * take(fluid, axis, 0, -1)
        first, last = take(fluid, axis, 0, 1), take(fluid, axis, -1)
        if low == PERIODIC:
            first = last = first * last
        else:
            first, last = (2.0 * (side == OPEN) * f for side, f in ((low, first), (high, last)))
        weights.append(ops.concatenate([first, inside, last], axis=axis + 1))
    return tuple(weights)


def divergence(velocity):
    """Net outflow of each cell, `(batch, *cells)`."""
    return sum(
        take(component, axis, 1) - take(component, axis, 0, -1)
        for axis, component in enumerate(velocity)
    )


def gradient(pressure, weights, sides):
    """Pressure differences across all faces, zero at walls: a tuple by axis."""
    differences = []
    for axis, (weight, (low, _)) in enumerate(zip(weights, sides, strict=True)):
        padded = with_neighbours(pressure, axis, low == PERIODIC)
        differences.append(weight * (take(padded, axis, 1) - take(padded, axis, 0, -1)))
    return tuple(differences)


class PoissonOperator:
    """`A p = -div(grad p)`: symmetric, positive semidefinite, zero in solids.

    Args:
        weights: Face weights, a tuple by axis.
        sides: As from `full_sides`.

    Attributes:
        diagonal: `(batch, *cells)`.
        inverse_diagonal: The same inverted; 0 where nothing is coupled.
    """

    def __init__(self, weights, sides):
        self.weights = weights
        self.sides = sides
        self.diagonal = sum(
            take(weight, axis, 1) + take(weight, axis, 0, -1) for axis, weight in enumerate(weights)
        )
        coupled = self.diagonal > 0.0
        safe = ops.where(coupled, self.diagonal, ops.ones_like(self.diagonal))
        self.inverse_diagonal = ops.where(coupled, 1.0 / safe, ops.zeros_like(safe))

    def neighbours(self, pressure):
        """Weighted sum of the neighbours of each cell: `A p = diagonal * p - neighbours(p)`."""
        total = 0.0
        for axis, (weight, (low, _)) in enumerate(zip(self.weights, self.sides, strict=True)):
            padded = with_neighbours(pressure, axis, low == PERIODIC)
            total += take(weight, axis, 0, -1) * take(padded, axis, 0, -2)
            total += take(weight, axis, 1) * take(padded, axis, 2)
        return total

    def __call__(self, pressure):
        return self.diagonal * pressure - self.neighbours(pressure)
