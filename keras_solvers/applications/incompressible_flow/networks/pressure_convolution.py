"""What the convolutional networks for the pressure have in common."""

import keras
from keras import ops

from keras_solvers.applications.incompressible_flow.networks.side_padding import SidePadding

OPEN_VALUE = 2.0  # of the fluid mask behind an open side: neither solid, 0, nor fluid, 1
CONVOLUTIONS = {2: keras.layers.Conv2D, 3: keras.layers.Conv3D}


def normalized(x):
    """`(divergence, fluid, scale)` of an input `(batch, *cells, 2)`.

    The divergence has a root mean square of 1 in the fluid, and is zero in solids. A network that
    takes it and multiplies its answer by `scale`, `(batch, 1, ...)`, answers in proportion to the
    divergence, as the equation does; and half precision can hold what is between.

    Reference: Tompson et al., 2017, section 3.2.
    """
    divergence, fluid = x[..., :1] * x[..., 1:], x[..., 1:]
    axes = tuple(range(1, len(x.shape)))
    num_cells = ops.maximum(ops.sum(fluid, axes, keepdims=True), 1.0)
    scale = ops.sqrt(ops.sum(ops.square(divergence), axes, keepdims=True) / num_cells)
    return divergence / ops.where(scale > 0.0, scale, 1.0), fluid, scale


def convolution(filters, sides, open_value=0.0, **kwargs):
    """A convolution of three cells along each axis that knows the sides of the domain."""
    padding = SidePadding(sides, open_value)
    inner = CONVOLUTIONS[len(sides)](filters, 3, **kwargs)
    return lambda x: inner(padding(x))
