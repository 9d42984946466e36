"""Sparse coding of photographs: a learned ISTA network beside the classic solvers."""

import dataclasses

import keras
import numpy as np

from keras_solvers import environment
from keras_solvers.applications.sparse_coding import figures as sparse_coding_figures
from keras_solvers.applications.sparse_coding.coordinate_descent import CoordinateDescent
from keras_solvers.applications.sparse_coding.dictionary import learn_dictionary
from keras_solvers.applications.sparse_coding.lista import lista
from keras_solvers.applications.sparse_coding.measure import NEURAL, compare, measure_batches
from keras_solvers.applications.sparse_coding.optimizer import adam_for_sparse_activity
from keras_solvers.applications.sparse_coding.photographs import photograph_patches
from keras_solvers.applications.sparse_coding.problem import SparseCoding
from keras_solvers.applications.sparse_coding.varied_patches import varied_patches
from keras_solvers.solver import NeuralSolver
from keras_solvers.training.progress import ProgressBar
from keras_solvers.training.run_folder import RunFolder
from keras_solvers.training.train import train


@dataclasses.dataclass(frozen=True)
class SparseCodingRecipe:
    """How the photographs are coded: atoms and training patches from one, tests from the other.

    Attributes:
        num_atoms: Atoms of the dictionary, for patches of 10x10 pixels.
        penalty: Weight of the l1 norm; patches have unit norm.
        dictionary_penalty: The same while the dictionary is learned: sparser codes make clearer
            atoms.
        num_layers: Unrolled steps of the network.
        num_dictionary_patches: Patches that the dictionary is learned from.
        num_training_patches: Patches that the network is trained on.
        num_test_patches: Size of the large batch.
        epochs: Passes over the training patches.
        batch_size: Patches in a training step.
        learning_rate: Peak of a cosine schedule with a warm-up.
        iterations: Settings of FISTA on the diagram, and of ISTA but for the last.
        certified_iterations: Settings of FISTA started from the network.
        sweeps: Settings of coordinate descent on the diagram.
        repeats: Timed calls of each solver.
    """

    num_atoms: int = 400
    penalty: float = 0.1
    dictionary_penalty: float = 0.2
    num_layers: int = 8
    num_dictionary_patches: int = 40_000
    num_training_patches: int = 256_000
    num_test_patches: int = 10_000
    epochs: int = 4
    batch_size: int = 256
    learning_rate: float = 2e-3
    iterations: tuple = (4, 8, 16, 32, 64, 128)
    certified_iterations: tuple = (8, 32)
    sweeps: tuple = (16, 64)
    repeats: int = 2


def run_sparse_coding(
    path,
    progress,
    *,
    recipe=SparseCodingRecipe(),
    seed=0,
    overwrite=False,
):
    """Learns a dictionary, trains the network without labels, and measures it beside classics.

    Args:
        path: The run folder.
        progress: `rich.progress.Progress` to draw on.
        recipe: `SparseCodingRecipe`.
        seed: Seed of patches, weights and order.
        overwrite: Whether to delete an earlier run in the folder.

    Returns:
        `(network, metrics)`: the trained network and what is written to `metrics.json`.
    """
    settings = {"run": "sparse-coding", "seed": seed, **dataclasses.asdict(recipe)}
    folder = RunFolder(path, settings, overwrite)
    problem = photograph_problem(recipe, progress, seed)
    solver, history = train_lista(recipe, problem, folder, progress, seed)
    folder.save_history(history)
    folder.save_model(solver.network)
    seconds = sum(row["seconds"] for row in history)

    x = photograph_patches("flower", recipe.num_test_patches, seed=seed)
    reference = converged_codes(problem, x, progress)
    one, many = measure_batches(recipe, problem, solver.network, x, reference, progress)
    comparisons = [compare(batch, seconds) for batch in (one, many)]
    figures = sparse_coding_figures.draw(problem, solver.network, x, reference, one, many)
    for name, figure in figures.items():
        folder.save_figure(name, figure)
    metrics = {
        **settings,
        "comparisons": comparisons,
        "measurements": [dataclasses.asdict(m) for m in (*one, *many)],
        "active_atoms": float(np.mean(np.count_nonzero(reference, axis=1))),
        "training_seconds": seconds,
        "parameters": solver.network.count_params(),
        **environment.header(),
    }
    folder.finish(metrics)
    return solver.network, metrics


def photograph_problem(recipe, progress, seed):
    """The sparse coding problem of the photograph "china"."""
    patches = photograph_patches("china", recipe.num_dictionary_patches, seed=seed)
    dictionary = learn_dictionary(
        patches,
        recipe.num_atoms,
        recipe.dictionary_penalty,
        seed=seed,
        progress=lambda loop: progress.track(loop, description="learning the dictionary"),
    )
    return SparseCoding(dictionary, recipe.penalty)


def converged_codes(problem, x, progress, chunk=500):
    """Optimal codes in float64."""
    solver = CoordinateDescent(problem, num_threads=2)
    begins = progress.track(range(0, len(x), chunk), description="converging the references")
    return np.concatenate([solver(x[begin : begin + chunk]) for begin in begins])


def train_lista(recipe, problem, folder, progress, seed):
    """Trains a network on the mean objective, without labels; returns solver and history."""
    keras.utils.set_random_seed(seed)
    network = lista(problem, recipe.num_layers, train_decoder=True, momentum=True)
    solver = NeuralSolver(network, problem)
    x = varied_patches("china", recipe.num_training_patches, seed=seed + 1)
    num_steps = recipe.epochs * -(-len(x) // recipe.batch_size)
    optimizer = adam_for_sparse_activity(recipe.learning_rate, num_steps)
    # The steps are so short that ten at once save a fifth of the time.
    solver.compile(optimizer, jit_compile=True, steps_per_execution=10)
    solver.build(x.shape)
    history = train(
        solver,
        x,
        None,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        seed=seed,
        checkpoint=folder.file("checkpoint.npz"),
        callbacks=[ProgressBar(progress, f"training {NEURAL}", recipe.epochs)],
    )
    return solver, history
