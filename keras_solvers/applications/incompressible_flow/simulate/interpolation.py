"""Values between the points of a grid, by linear interpolation along each axis."""

import itertools

from keras import ops


def stencil(array, points, periodic):
    """The `2^d` grid values around each point, with their weights.

    Args:
        array: `(batch, *n)`.
        points: List by axis of `(batch, *m)` of as many axes, in steps from the first entry of the
            axis. Outside of the grid its nearest point counts, or the opposite end.
        periodic: For each axis, whether its first entry follows its last.

    Returns:
        List of `(weight, value)`, both `(batch, *m)`; the weights of a point add up to 1.
    """
    sizes = array.shape[1:]
    entries = [
        _entries(coordinate, size, wraps)
        for coordinate, size, wraps in zip(points, sizes, periodic, strict=True)
    ]
    flat = ops.reshape(array, (-1,))
    samples = ops.arange(ops.shape(array)[0], dtype="int32")
    first = ops.reshape(samples, (-1,) + (1,) * len(sizes))
    result = []
    for corner in itertools.product((0, 1), repeat=len(sizes)):
        weight, index = 1.0, first
        for (ends, share), size, end in zip(entries, sizes, corner, strict=True):
            weight = weight * (share if end else 1.0 - share)
            index = index * size + ends[end]
        result.append((weight, ops.take(flat, index)))
    return result


def interpolate(array, points, periodic):
    """Values at the points, `(batch, *m)`; arguments as of `stencil`."""
    return sum(weight * value for weight, value in stencil(array, points, periodic))


def _entries(coordinate, size, wraps):
    """`((low, high), share)`: the entries on both sides of a coordinate, and the share of high."""
    if wraps:
        coordinate = ops.mod(coordinate, float(size))
    else:
        coordinate = ops.clip(coordinate, 0.0, size - 1.0)
    # Rounding may turn a tiny negative coordinate into the period itself.
    low = ops.minimum(ops.floor(coordinate), size - 1.0 if wraps else size - 2.0)
    share = coordinate - low
    low = ops.cast(low, "int32")
    return (low, (low + 1) % size if wraps else low + 1), share
