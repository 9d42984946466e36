"""The pressure projection around solids: learned multigrid beside the classic solvers."""

import dataclasses

import keras
from keras import ops

from keras_solvers.applications.application import Result
from keras_solvers.applications.incompressible_flow.experiment.pressure_figures import draw
from keras_solvers.applications.incompressible_flow.experiment.pressure_measure import (
    NEURAL,
    compare,
    measure_solvers,
)
from keras_solvers.applications.incompressible_flow.experiment.pressure_tables import tables
from keras_solvers.applications.incompressible_flow.networks.multigrid_network import (
    multigrid_network,
)
from keras_solvers.applications.incompressible_flow.networks.transfer import for_problem, on_cells
from keras_solvers.applications.incompressible_flow.pressure_projection import PressureProjection
from keras_solvers.solver import NeuralSolver
from keras_solvers.training import ProgressBar, train

CARD = {
    "input_meaning": "divergence of the velocity; 1 in fluid, 0 in solids",
    "output_meaning": "pressure whose gradient is subtracted from the velocity",
    "units": "lengths in cells; time step and density are part of the pressure",
    "normalisation": "none: the answer is linear in the divergence",
}
UNSEEN = 1_000_000  # added to the seed of flows that training never saw


def run(settings, folder, progress):
    """Trains the network without labels and measures it beside the classic solvers.

    Args:
        settings: `PressureSettings`.
        folder: `RunFolder` of the checkpoint.
        progress: `rich.progress.Progress` to draw on.

    Returns:
        `Result`.
    """
    network, history = train_pressure(settings, folder.file("checkpoint.npz"), progress)
    seconds = sum(row["seconds"] for row in history)
    problem = PressureProjection(settings.test_cells)
    x = ops.convert_to_numpy(problem.sample(settings.num_test_flows, settings.seed + UNSEEN))
    wide = for_problem(network, problem)
    measurements, comparisons = [], []
    for batch in (x[:1], x):
        measured = measure_solvers(settings, problem, wide, batch, progress)
        comparisons.append(compare(measured, seconds))
        measurements += measured
    metrics = {
        "comparisons": comparisons,
        "measurements": [dataclasses.asdict(m) for m in measurements],
        "training_seconds": seconds,
        "parameters": network.count_params(),
    }
    return Result(
        metrics,
        tables=tables(metrics),
        figures=draw(problem, wide, x, measurements),
        history=history,
        model=network,
        card={**CARD, "metrics": comparisons},
        inputs=typical_flows(network, settings.seed),
    )


def train_pressure(settings, checkpoint, progress):
    """`(network, history)`: a network of one cycle, trained by the divergence that it leaves."""
    keras.utils.set_random_seed(settings.seed)
    problem = PressureProjection(settings.cells)
    x = ops.convert_to_numpy(problem.sample(settings.num_training_flows, settings.seed))
    network = multigrid_network(problem, num_smoothings=settings.num_smoothings)
    solver = NeuralSolver(network, problem)
    num_steps = settings.epochs * -(-len(x) // settings.batch_size)
    rate = keras.optimizers.schedules.CosineDecay(settings.learning_rate, num_steps)
    solver.compile(keras.optimizers.Adam(rate))
    solver.build(x.shape)
    history = train(
        solver,
        x,
        None,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        seed=settings.seed,
        checkpoint=checkpoint,
        callbacks=[ProgressBar(progress, f"training {NEURAL}", settings.epochs)],
    )
    return network, history


def resized(network, cells):
    """A trained network for other numbers of cells, `None` for open ones, and typical flows."""
    network = on_cells(network, cells)
    return network, typical_flows(network)


def typical_flows(network, seed=0):
    """Inputs that a network may meet, to compare exports with; a mask is 0 or 1.

    For open numbers of cells a list of flows on two grids.
    """
    cells = network.input_shape[1:-1]
    if None in cells:
        return [_flows(tuple(n or some for n in cells), seed) for some in (32, 48)]
    return _flows(cells, seed)


def _flows(cells, seed):
    return ops.convert_to_numpy(PressureProjection(cells).sample(5, seed + UNSEEN))
