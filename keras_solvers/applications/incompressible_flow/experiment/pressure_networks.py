"""The convolutional networks for the pressure, trained without labels."""

import dataclasses
from collections.abc import Callable

import keras
import numpy as np
from keras import ops

from keras_solvers.applications.incompressible_flow.long_term import LongTermSolver
from keras_solvers.applications.incompressible_flow.networks.fluid_net import fluid_net
from keras_solvers.applications.incompressible_flow.networks.pressure_unet import pressure_unet
from keras_solvers.applications.incompressible_flow.pressure_projection import PressureProjection
from keras_solvers.applications.incompressible_flow.random_symmetry import RandomSymmetry
from keras_solvers.applications.incompressible_flow.simulate.later_flows import LaterFlows
from keras_solvers.solver import NeuralSolver
from keras_solvers.training.progress import ProgressBar
from keras_solvers.training.train import train


@dataclasses.dataclass(frozen=True)
class NetworkRecipe:
    """How a convolutional network is trained.

    Attributes:
        name: What it is called.
        build: Callable from the problem to the network.
        cells: Cells along each axis.
        num_flows: Random flows around random solids.
        epochs: Passes over them.
        batch_size: Flows in a training step; every cell is an example, so small ones do best.
        learning_rate: Highest rate; the first steps warm up, then it falls as a cosine.
        turned: Whether flows are mirrored and turned at random.
        later_steps: Steps of the long-term objective; 0 for none.
    """

    name: str
    build: Callable
    cells: tuple = (64, 64)
    num_flows: int = 1200
    epochs: int = 10
    batch_size: int = 4
    learning_rate: float = 5e-3
    turned: bool = False
    later_steps: int = 0


UNET = NetworkRecipe("U-Net, 2 cycles", pressure_unet)
FLUID_NET = NetworkRecipe("FluidNet, 3 banks", fluid_net, epochs=4, learning_rate=3e-3)


def train_network(recipe, checkpoint, progress, seed):
    """`(network, history)`: trained by the weighted divergence that its answers leave."""
    keras.utils.set_random_seed(seed)
    problem = PressureProjection(recipe.cells)
    x = np.concatenate(
        [
            ops.convert_to_numpy(problem.sample(min(200, recipe.num_flows - first), seed + first))
            for first in range(0, recipe.num_flows, 200)
        ]
    )
    network = recipe.build(problem)
    trained = RandomSymmetry(network, problem.sides, seed) if recipe.turned else network
    if recipe.later_steps:
        later = LaterFlows(problem, recipe.later_steps, seed=seed)
        solver = LongTermSolver(trained, problem, later)
    else:
        solver = NeuralSolver(trained, problem)
    solver.compile(_optimizer(recipe), jit_compile=False)  # as fast, and nothing to wait for
    solver.build(x.shape)
    history = train(
        solver,
        x,
        None,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        seed=seed,
        checkpoint=checkpoint,
        callbacks=[ProgressBar(progress, f"training {recipe.name}", recipe.epochs)],
    )
    return network, history


def _optimizer(recipe):
    num_steps = recipe.epochs * -(-recipe.num_flows // recipe.batch_size)
    rate = keras.optimizers.schedules.CosineDecay(
        0.1 * recipe.learning_rate,
        round(0.95 * num_steps),
        alpha=0.1,
        warmup_target=recipe.learning_rate,
        warmup_steps=round(0.05 * num_steps),
    )
    # At first the answers are far too large.
    return keras.optimizers.Adam(rate, global_clipnorm=1.0)
