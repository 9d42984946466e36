"""Sparse coding of photographs: a learned ISTA network beside the classic solvers."""

import dataclasses

import keras
import numpy as np

from keras_solvers.applications.application import Result
from keras_solvers.applications.sparse_coding.coordinate_descent import CoordinateDescent
from keras_solvers.applications.sparse_coding.dictionary import learn_dictionary
from keras_solvers.applications.sparse_coding.figures import draw
from keras_solvers.applications.sparse_coding.lista import lista
from keras_solvers.applications.sparse_coding.measure import NEURAL, compare, measure_solvers
from keras_solvers.applications.sparse_coding.optimizer import adam_for_sparse_activity
from keras_solvers.applications.sparse_coding.photographs import photograph_patches
from keras_solvers.applications.sparse_coding.problem import SparseCoding
from keras_solvers.applications.sparse_coding.tables import tables
from keras_solvers.applications.sparse_coding.varied_patches import varied_patches
from keras_solvers.solver import NeuralSolver
from keras_solvers.training import ProgressBar, train


def run(settings, folder, progress):
    """Learns a dictionary, trains the network without labels, and measures it beside classics.

    Atoms and training patches come from one photograph, test patches from another.

    Args:
        settings: `SparseCodingSettings`.
        folder: `RunFolder` of the checkpoint.
        progress: `rich.progress.Progress` to draw on.

    Returns:
        `Result`.
    """
    problem = photograph_problem(settings, progress)
    network, history = train_lista(settings, problem, folder, progress)
    seconds = sum(row["seconds"] for row in history)
    x = photograph_patches("flower", settings.num_test_patches, seed=settings.seed)
    reference = converged_codes(problem, x, progress)
    one, many = measure_solvers(settings, problem, network, x, reference, progress)
    metrics = {
        "comparisons": [compare(batch, seconds) for batch in (one, many)],
        "measurements": [dataclasses.asdict(m) for m in (*one, *many)],
        "active_atoms": float(np.mean(np.count_nonzero(reference, axis=1))),
        "training_seconds": seconds,
        "parameters": network.count_params(),
    }
    return Result(
        metrics,
        tables=tables(metrics),
        figures=draw(problem, network, x, reference, one, many),
        history=history,
        model=network,
        card={
            "input_meaning": "rows of a 10x10 patch of grey values, one after the other",
            "output_meaning": "weights of the atoms",
            "units": "none",
            "normalisation": "mean removed, then scaled to unit norm",
            "metrics": metrics["comparisons"],
        },
    )


def photograph_problem(settings, progress):
    """The sparse coding problem of the photograph "china"."""
    patches = photograph_patches("china", settings.num_dictionary_patches, seed=settings.seed)
    dictionary = learn_dictionary(
        patches,
        settings.num_atoms,
        settings.dictionary_penalty,
        seed=settings.seed,
        progress=lambda loop: progress.track(loop, description="learning the dictionary"),
    )
    return SparseCoding(dictionary, settings.penalty)


def converged_codes(problem, x, progress, chunk=500):
    """Optimal codes in float64."""
    solver = CoordinateDescent(problem, num_threads=2)
    begins = progress.track(range(0, len(x), chunk), description="converging the references")
    return np.concatenate([solver(x[begin : begin + chunk]) for begin in begins])


def train_lista(settings, problem, folder, progress):
    """Trains a network on the mean objective, without labels; returns it and the history."""
    keras.utils.set_random_seed(settings.seed)
    network = lista(problem, settings.num_layers, train_decoder=True, momentum=True)
    solver = NeuralSolver(network, problem)
    x = varied_patches("china", settings.num_training_patches, seed=settings.seed + 1)
    num_steps = settings.epochs * -(-len(x) // settings.batch_size)
    optimizer = adam_for_sparse_activity(settings.learning_rate, num_steps)
    # The steps are so short that ten at once save a fifth of the time.
    solver.compile(optimizer, jit_compile=True, steps_per_execution=10)
    solver.build(x.shape)
    history = train(
        solver,
        x,
        None,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        seed=settings.seed,
        checkpoint=folder.file("checkpoint.npz"),
        callbacks=[ProgressBar(progress, f"training {NEURAL}", settings.epochs)],
    )
    return network, history
