"""Whether a flow in a closed part of the fluid can be made free of divergence at all."""

import numpy as np
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from keras_solvers.numerics.staggered import OPEN, PERIODIC


def connected_parts(fluid, sides):
    """`(labels, count)`: the parts of the fluid of one sample, numbered from 1; solids are 0.

    Args:
        fluid: `cells`, positive in fluid.
        sides: `((low, high), ...)` for each axis; periodic sides connect.
    """
    labels, count = ndimage.label(np.asarray(fluid) > 0)
    pairs = [np.zeros((0, 2), int)]
    for axis, (low, _) in enumerate(sides):
        if low == PERIODIC:
            ends = [np.take(labels, end, axis).ravel() for end in (0, -1)]
            pairs.append(np.stack(ends, axis=-1)[(ends[0] > 0) & (ends[1] > 0)])
    first, last = np.concatenate(pairs).T
    graph = coo_array((np.ones(len(first)), (first, last)), shape=(count + 1, count + 1))
    found, names = connected_components(graph, directed=False)  # names[0] is 0, the solids
    return names[labels], found - 1


def check_compatible(number, outflow, fluid, sides, tolerance):
    """Checks that the divergence of every closed part of the fluid adds up to zero.

    Args:
        number: Number of the sample, for the message.
        outflow: Divergence, `cells`, float64.
        fluid: `cells`, positive in fluid.
        sides: `((low, high), ...)` for each axis.
        tolerance: Largest net outflow of a part, relative to the sum of its absolute values.

    Raises:
        ValueError: If a part has a net outflow and no open side.
    """
    parts, count = connected_parts(fluid, sides)
    index = np.arange(1, count + 1)
    net = ndimage.sum_labels(outflow, parts, index)
    size = ndimage.sum_labels(np.abs(outflow), parts, index)
    vented = np.isin(index, _parts_at_open_sides(parts, sides))
    wrong = np.flatnonzero((np.abs(net) > tolerance * size) & ~vented)
    if wrong.size:
        part = wrong[0]
        raise ValueError(
            f"No pressure exists for sample {number}: a closed part of the fluid of "
            f"{np.count_nonzero(parts == part + 1)} cells has a net outflow of {net[part]:.3g} "
            f"(its absolute divergence adds up to {size[part]:.3g}). Correct the velocity on its "
            "walls, or open a side."
        )


def _parts_at_open_sides(parts, sides):
    found = [
        np.unique(np.take(parts, end, axis))
        for axis, pair in enumerate(sides)
        for end, side in zip((0, -1), pair, strict=True)
        if side == OPEN
    ]
    return np.concatenate(found) if found else np.array([], int)
