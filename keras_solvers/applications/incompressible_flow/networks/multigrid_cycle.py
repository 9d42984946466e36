"""A multigrid cycle whose relaxation is learned."""

import keras
from keras import ops

from keras_solvers.applications.incompressible_flow.classic.multigrid import hierarchy, v_cycle
from keras_solvers.applications.incompressible_flow.classic.relaxation import (
    checkerboard,
    half_sweeps,
)
from keras_solvers.numerics.staggered import PoissonOperator, face_weights, full_sides


@keras.saving.register_keras_serializable(package="keras_solvers.incompressible_flow")
class MultigridCycle(keras.layers.Layer):
    """One V-cycle for the pressure equation; each half sweep of its smoother has a learned length.

    Before training it is the cycle of `keras_solvers.classic.Multigrid`, to rounding. The lengths
    are the same on all levels, so a layer trained on one grid serves any other. It is linear in
    the divergence and the guess, and works around solids of any shape.

    The first half sweep of a cycle knows nothing of the next one; together they do better if some
    go too far and others stop short, as in Chebyshev iteration. Which, no theory says for cycles
    around solids: it is learned, by the residual that is left.

    Args:
        sides: Sides of the domain, as in `PressureProjection`.
        num_smoothings: Sweeps before and after the coarse correction, at least 1.

    Shapes:
        x: `(batch, *cells, 2)`: divergence, and 1 in fluid, 0 in solids.
        y: `(batch, *cells, 1)`, a guess of the pressure; zero if left out.
        returns: `(batch, *cells, 1)`, a better one.

    Reference: Greenfeld et al., Learning to optimize multigrid PDE solvers, 2019; Huang, Li and
    Xi, Learning optimal multigrid smoothers via neural networks, 2023.
    """

    supports_jit = False  # XLA cannot differentiate the loops of the smoother

    def __init__(self, sides="closed", num_smoothings=2, **kwargs):
        super().__init__(**kwargs)
        if num_smoothings < 1:
            raise ValueError(
                f"`num_smoothings` must be at least 1. Received: num_smoothings={num_smoothings}"
            )
        self.sides = sides
        self.num_smoothings = num_smoothings

    def build(self, x_shape, y_shape=None):
        if None in x_shape[1:-1]:
            raise ValueError(
                "The levels of a multigrid cycle depend on the number of cells, which must be "
                f"given along each axis. Received: input shape {tuple(x_shape)}"
            )
        self.lengths = self.add_weight((2, 2 * self.num_smoothings), "ones", name="lengths")

    def call(self, x, y=None):
        sides = full_sides(self.sides, len(x.shape) - 2)
        fluid = x[..., 1]
        levels = hierarchy(PoissonOperator(face_weights(fluid, sides), sides))
        colours = [checkerboard(level.diagonal) for level in levels]

        def smooth(level, b, p, first):
            count = 2 * self.num_smoothings
            lengths = self.lengths[first]
            return half_sweeps(levels[level], colours[level], b, p, count, first, lengths)

        p = ops.zeros_like(fluid) if y is None else y[..., 0]
        return v_cycle(levels, smooth, -fluid * x[..., 0], p)[..., None]

    def compute_output_shape(self, x_shape, y_shape=None):
        return (*x_shape[:-1], 1)

    def get_config(self):
        config = {"sides": self.sides, "num_smoothings": self.num_smoothings}
        return {**super().get_config(), **config}
