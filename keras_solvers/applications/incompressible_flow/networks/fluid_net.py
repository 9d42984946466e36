"""The multi-resolution convolutional network for the pressure of an incompressible flow."""

import keras

from keras_solvers.applications.incompressible_flow.networks.pressure_convolution import (
    CONVOLUTIONS,
    OPEN_VALUE,
    convolution,
    normalized,
)
from keras_solvers.applications.incompressible_flow.networks.prolongation import Prolongation
from keras_solvers.applications.incompressible_flow.networks.side_padding import SidePadding

_POOLINGS = {2: keras.layers.AveragePooling2D, 3: keras.layers.AveragePooling3D}


def fluid_net(problem, num_banks=3, width=16, cells=None):
    """Builds the network from `(batch, *cells, 2)` to the pressure `(batch, *cells, 1)`.

    Divergence and fluid, averaged over ever coarser cells, go through a bank of two convolutions
    at each resolution. The banks are joined on the cells of the input, where two more follow, and
    one of a single cell to the pressure. Train it without labels: `NeuralSolver(network, problem)`.

    The divergence is divided by its root mean square and the answer multiplied by it, so the
    answer is in proportion to the divergence. The weights fit any number of cells. But no bank
    sees farther than two of its cells, so three banks are local, and the pressure is not.

    Args:
        problem: A `PressureProjection`.
        num_banks: Number of resolutions, at least 1; the coarsest merges `2 ** (num_banks - 1)`
            cells along each axis.
        width: Channels of each convolution.
        cells: Number of cells along each axis, those of the problem if `None`; `(None, None)`
            leaves them open. Any number will do, but the ends of a periodic axis meet on all
            grids only if its cells are a multiple of the coarsest one.

    Reference: Tompson et al., Accelerating Eulerian fluid simulation with convolutional networks,
    2017, section 3.2.
    """
    if num_banks < 1:
        raise ValueError(f"`num_banks` must be at least 1. Received: num_banks={num_banks}")
    num_axes = len(problem.sides)
    x = keras.Input((*(cells or problem.cells), 2))
    divergence, fluid, scale = normalized(x)
    joined = []
    for bank in range(num_banks):
        if bank:
            pool = _POOLINGS[num_axes](2, padding="same", dtype="float32")
            divergence, fluid = pool(divergence), pool(fluid)
        behind = (
            SidePadding(problem.sides)(divergence),
            SidePadding(problem.sides, OPEN_VALUE)(fluid),
        )
        hidden = keras.layers.Concatenate()(behind)
        hidden = CONVOLUTIONS[num_axes](width, 3, activation="relu")(hidden)
        hidden = convolution(width, problem.sides, activation="relu")(hidden)
        joined.append(Prolongation(2**bank)(hidden, x) if bank else hidden)
    hidden = keras.layers.Concatenate()(joined) if num_banks > 1 else hidden
    for _ in range(2):
        hidden = convolution(width, problem.sides, activation="relu")(hidden)
    # Half precision would cap the residual, whatever the global policy.
    return keras.Model(x, scale * CONVOLUTIONS[num_axes](1, 1, dtype="float32")(hidden))
