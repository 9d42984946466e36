"""A network that is an unrolled multigrid solver of the pressure equation."""

import keras

from keras_solvers.applications.incompressible_flow.networks.multigrid_cycle import MultigridCycle


def multigrid_network(problem, num_cycles=1, num_smoothings=2, cells=None):
    """Builds a network from `(batch, *cells, 2)` to the pressure `(batch, *cells, 1)`.

    Its layers are V-cycles, each with relaxation lengths of its own; untrained, it equals
    `Multigrid(problem, num_cycles, num_smoothings=num_smoothings)`. Train it without labels:
    `NeuralSolver(network, problem)`. The answer is linear in the divergence, so it needs no
    normalisation, and the weights fit any number of cells:

        large = multigrid_network(problem, cells=(256, 256))
        large.set_weights(network.get_weights())

    Args:
        problem: A `PressureProjection`.
        num_cycles: Number of cycles, at least 1.
        num_smoothings: Sweeps before and after each coarse correction.
        cells: Number of cells along each axis; those of the problem if `None`.
    """
    if num_cycles < 1:
        raise ValueError(f"`num_cycles` must be at least 1. Received: num_cycles={num_cycles}")
    x = keras.Input((*(cells or problem.cells), 2))
    y = None
    for _ in range(num_cycles):
        # Half precision would cap the residual, whatever the global policy.
        y = MultigridCycle(problem.sides, num_smoothings, dtype="float32")(x, y)
    return keras.Model(x, y)
