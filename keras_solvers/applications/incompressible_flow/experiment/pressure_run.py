"""The pressure projection around solids: learned multigrid beside the classic solvers."""

import dataclasses

import keras
from keras import ops

from keras_solvers import environment
from keras_solvers.applications.incompressible_flow.experiment import pressure_figures
from keras_solvers.applications.incompressible_flow.experiment.pressure_measure import (
    NEURAL,
    compare,
    measure_solvers,
)
from keras_solvers.applications.incompressible_flow.networks.multigrid_network import (
    multigrid_network,
)
from keras_solvers.applications.incompressible_flow.networks.transfer import for_problem
from keras_solvers.applications.incompressible_flow.pressure_projection import PressureProjection
from keras_solvers.solver import NeuralSolver
from keras_solvers.training.progress import ProgressBar
from keras_solvers.training.run_folder import RunFolder
from keras_solvers.training.train import train

UNSEEN = 1_000_000  # added to the seed of flows that training never saw


@dataclasses.dataclass(frozen=True)
class PressureRecipe:
    """How the network is trained, without labels, and where it is measured.

    Attributes:
        cells: Cells along each axis in training.
        num_smoothings: Sweeps of the network before and after each coarse correction.
        num_training_flows: Random flows around random solids that the network is trained on.
        epochs: Passes over them.
        batch_size: Flows in a training step.
        learning_rate: Start of a cosine schedule.
        test_cells: Cells along each axis in the comparison.
        num_test_flows: Size of the large batch.
        cycles: `(sweeps, numbers of cycles)` of multigrid on the diagram.
        preconditioned_iterations: Settings of conjugate gradients with a V(1,1) cycle.
        diagonal_iterations: Settings of conjugate gradients with the diagonal.
        repeats: Timed calls of each solver.
    """

    cells: tuple = (64, 64)
    num_smoothings: int = 3
    num_training_flows: int = 480
    epochs: int = 10
    batch_size: int = 16
    learning_rate: float = 0.02
    test_cells: tuple = (128, 128)
    num_test_flows: int = 16
    cycles: tuple = ((1, (3, 4)), (2, (2, 3)), (3, (1, 2)))
    preconditioned_iterations: tuple = (3, 4)
    diagonal_iterations: tuple = (100, 200)
    repeats: int = 5


def run_pressure(path, progress, *, recipe=PressureRecipe(), seed=0, overwrite=False):
    """Trains the network without labels and measures it beside the classic solvers.

    Args:
        path: The run folder.
        progress: `rich.progress.Progress` to draw on.
        recipe: `PressureRecipe`.
        seed: Seed of flows, weights and order.
        overwrite: Whether to delete an earlier run in the folder.

    Returns:
        `(network, metrics)`: the trained network and what is written to `metrics.json`.
    """
    settings = {"run": "pressure", "seed": seed, **dataclasses.asdict(recipe)}
    folder = RunFolder(path, settings, overwrite)
    network, history = train_pressure(recipe, folder.file("checkpoint.npz"), progress, seed)
    folder.save_history(history)
    folder.save_model(network)
    seconds = sum(row["seconds"] for row in history)

    problem = PressureProjection(recipe.test_cells)
    x = ops.convert_to_numpy(problem.sample(recipe.num_test_flows, seed + UNSEEN))
    wide = for_problem(network, problem)
    measurements, comparisons = [], []
    for batch in (x[:1], x):
        measured = measure_solvers(recipe, problem, wide, batch, progress)
        comparisons.append(compare(measured, seconds))
        measurements += measured
    for name, figure in pressure_figures.draw(problem, wide, x, measurements).items():
        folder.save_figure(name, figure)
    metrics = {
        **settings,
        "comparisons": comparisons,
        "measurements": [dataclasses.asdict(m) for m in measurements],
        "training_seconds": seconds,
        "parameters": network.count_params(),
        **environment.header(),
    }
    folder.finish(metrics)
    return network, metrics


def train_pressure(recipe, checkpoint, progress, seed):
    """`(network, history)`: a network of one cycle, trained by the divergence that it leaves."""
    keras.utils.set_random_seed(seed)
    problem = PressureProjection(recipe.cells)
    x = ops.convert_to_numpy(problem.sample(recipe.num_training_flows, seed))
    network = multigrid_network(problem, num_smoothings=recipe.num_smoothings)
    solver = NeuralSolver(network, problem)
    num_steps = recipe.epochs * -(-len(x) // recipe.batch_size)
    rate = keras.optimizers.schedules.CosineDecay(recipe.learning_rate, num_steps)
    solver.compile(keras.optimizers.Adam(rate))
    solver.build(x.shape)
    history = train(
        solver,
        x,
        None,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        seed=seed,
        checkpoint=checkpoint,
        callbacks=[ProgressBar(progress, f"training {NEURAL}", recipe.epochs)],
    )
    return network, history


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
