"""A U-Net for the pressure of an incompressible flow, linear in the divergence."""

import math

import keras

from keras_solvers.applications.incompressible_flow.networks.pressure_convolution import (
    CONVOLUTIONS,
    OPEN_VALUE,
    convolution,
    normalized,
)
from keras_solvers.applications.incompressible_flow.networks.prolongation import Prolongation
from keras_solvers.applications.incompressible_flow.networks.remaining_divergence import (
    RemainingDivergence,
)
from keras_solvers.applications.incompressible_flow.networks.restriction import Restriction


def pressure_unet(problem, num_cycles=2, width=8, num_blocks=(1, 2), num_levels=None, cells=None):
    """Builds the network from `(batch, *cells, 2)` to the pressure `(batch, *cells, 1)`.

    It spans the domain, as the pressure does, and its answer is linear in the divergence: what is
    nonlinear sees the solids alone, and multiplies what the convolutions take in and put out. On
    all levels the weights are the same, since in lengths of the cells so is the equation; hence
    they fit any number of cells and of levels:

        large = pressure_unet(problem, cells=(256, 256))
        large.set_weights(network.get_weights())

    The levels it was trained with are a good choice on larger grids as well. Trained with five,
    it also works with seven; trained with three, not with four.

    Train it without labels: `NeuralSolver(network, problem)`. Small batches do best, since every
    cell is an example, with `global_clipnorm=1.0`: at first the answers are far too large.

    Args:
        problem: A `PressureProjection`.
        num_cycles: How often the U-Net is applied, at least 1: again to the divergence that its
            answers so far leave. The weights are always the same.
        width: Channels of each convolution.
        num_blocks: Residual convolutions on each level on the way down, and on the way up.
        num_levels: Number of resolutions, at least 1; if `None`, the coarsest has three or four
            of the cells of the problem along its shortest axis.
        cells: Number of cells along each axis, those of the problem if `None`. `(None, None)`
            leaves them open. Any number will do, but the ends of a periodic axis meet on all
            grids only if its cells are a multiple of `2 ** (num_levels - 1)`.

    Reference: Ronneberger et al., U-Net, 2015; linear in one input and with kernels that depend on
    the other: Lan et al., A neural-preconditioned Poisson solver for mixed Dirichlet and Neumann
    boundary conditions, 2024.
    """
    if num_cycles < 1:
        raise ValueError(f"`num_cycles` must be at least 1. Received: num_cycles={num_cycles}")
    if num_levels is None:
        num_levels = max(1, math.ceil(math.log2(min(problem.cells))) - 1)
    if num_levels < 1:
        raise ValueError(f"`num_levels` must be at least 1. Received: num_levels={num_levels}")
    x = keras.Input((*(cells or problem.cells), 2))
    cycle = _cycle(problem.sides, _pyramid(x[..., 1:], num_levels), width, num_blocks)
    y = cycle(x)
    for _ in range(num_cycles - 1):
        # Half precision would cap the residual, whatever the global policy.
        left = RemainingDivergence(problem.sides, dtype="float32")(x, y)
        y = y + cycle(left)
    return keras.Model(x, y)


def _pyramid(fluid, num_levels):
    """The share of fluid in the cells of all levels; there is none beyond the last cells."""
    restrict = Restriction()
    fluids = [fluid]
    for _ in range(num_levels - 1):
        fluids.append(0.25 * restrict(fluids[-1]))
    return fluids


def _cycle(sides, fluids, width, num_blocks):
    """The U-Net for given solids, whose factors all cycles have in common."""
    convolve = CONVOLUTIONS[len(sides)]
    first, last = (
        convolve(width, 1, use_bias=False),
        convolve(1, 1, use_bias=False, dtype="float32"),
    )
    down, up = ([_GatedConvolution(width, sides) for _ in range(n)] for n in num_blocks)
    restrict, prolong = Restriction(), Prolongation()
    see = _sight(width, sides)
    factors = [[block.factors(solids) for block in down + up] for solids in map(see, fluids)]

    def apply(blocks, hidden, factors):
        for block, pair in zip(blocks, factors, strict=True):
            hidden = block(hidden, pair)
        return hidden

    def cycle(x):
        divergence, _, scale = normalized(x)
        hidden, skips = first(divergence), []
        for level in range(len(fluids)):
            hidden = restrict(hidden) if level else hidden
            hidden = apply(down, hidden, factors[level][: len(down)])
            skips.append(hidden)
        for level in reversed(range(len(fluids))):
            if level < len(fluids) - 1:
                hidden = skips[level] + prolong(hidden, skips[level])
            hidden = apply(up, hidden, factors[level][len(down) :])
        return scale * last(hidden)

    return cycle


def _sight(width, sides):
    """Features of the solids around each cell."""
    first = convolution(width, sides, OPEN_VALUE, activation="relu")
    second = convolution(width, sides, activation="relu")
    return lambda fluid: second(first(fluid))


class _GatedConvolution:
    """`h + outer * convolution(inner * h)`, with factors that are functions of the solids."""

    def __init__(self, width, sides):
        # Small at the start: the identity is a better beginning than noise of many layers.
        small = {"kernel_initializer": keras.initializers.VarianceScaling(0.3)}
        self.inner, self.outer = (
            CONVOLUTIONS[len(sides)](width, 1, bias_initializer="ones", **small) for _ in range(2)
        )
        self.spread = convolution(width, sides, use_bias=False, **small)

    def factors(self, solids):
        return self.inner(solids), self.outer(solids)

    def __call__(self, hidden, factors):
        inner, outer = factors
        return hidden + outer * self.spread(inner * hidden)
