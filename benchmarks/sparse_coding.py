"""Learned sparse coding: recovery of synthetic codes, the three regimes, and photographs.

`python -m benchmarks sparse_coding [--fast] [--seeds N] [--part synthetic|regimes|photographs]`

The part `photographs` times solvers: run it on a quiet machine.
"""

import dataclasses
import itertools
import math
import tempfile
import time
from pathlib import Path

import keras
import numpy as np

from benchmarks.harness import Figure
from keras_solvers import applications
from keras_solvers.applications.execution import execute
from keras_solvers.classic import FISTA, CoordinateDescent
from keras_solvers.models import alista, lista
from keras_solvers.problems import SparseCoding
from keras_solvers.solver import NeuralSolver, compiled

NUM_LAYERS = 16


def gaussian_problem(signal_dim, num_atoms, penalty, seed):
    """A dictionary of normal entries with unit columns; codes are non-zero with probability 0.1."""
    dictionary = np.random.default_rng(seed).normal(size=(signal_dim, num_atoms))
    return SparseCoding(dictionary / np.linalg.norm(dictionary, axis=0), penalty)


def draw(problem, num_samples, seed):
    """Signals without noise and the codes that made them, as NumPy arrays."""
    y = problem.sample_codes(num_samples, seed)
    return keras.ops.convert_to_numpy(problem.forward(y)), keras.ops.convert_to_numpy(y)


class FreshSignals(keras.utils.PyDataset):
    """Batches that are drawn anew in each step: no signal is seen twice."""

    def __init__(self, problem, num_steps, batch_size, seed):
        super().__init__()
        self.problem = problem
        self.num_steps = num_steps
        self.batch_size = batch_size
        self.seed_generator = keras.random.SeedGenerator(seed)

    def __len__(self):
        return self.num_steps

    def __getitem__(self, index):
        return draw(self.problem, self.batch_size, self.seed_generator)


def adam(learning_rate, num_steps):
    """Adam with a short memory of squares, warm-up and cosine decay.

    Atoms are active in few signals, so with the usual `beta_2=0.999` the first signal that uses
    one again is divided by a far too small average, and the loss leaps.
    """
    schedule = keras.optimizers.schedules.CosineDecay(
        0.1 * learning_rate,
        num_steps - num_steps // 10,
        alpha=0.01,
        warmup_target=learning_rate,
        warmup_steps=num_steps // 10,
    )
    return keras.optimizers.Adam(schedule, beta_2=0.9)


def decibel(y, truth):
    """Normalised mean square error, the ratio of the expectations, in dB."""
    return 10.0 * math.log10(np.sum(np.square(y - truth)) / np.sum(np.square(truth)))


def synthetic(fast, seeds, progress):
    """ALISTA with support selection and momentum against FISTA, error to the true codes."""
    num_steps = 50 if fast else 500
    shares = [min(0.012 * layer, 0.13) for layer in range(1, NUM_LAYERS + 1)]
    errors, classics, seconds = [], [], []
    for seed in progress.track(seeds, description="synthetic codes"):
        problem = gaussian_problem(250, 500, penalty=0.1, seed=seed)
        x, truth = draw(problem, 1000, seed=1000 + seed)
        begin = time.process_time()
        network = alista(problem, NUM_LAYERS, shares, momentum=True)
        network.compile(adam(1e-2, num_steps), loss="mse", jit_compile=False)
        network.fit(FreshSignals(problem, num_steps, 128, 2000 + seed), verbose=0)
        seconds.append(time.process_time() - begin)
        errors.append(decibel(network.predict(x, verbose=0), truth))
        # FISTA gets the penalty that serves it best.
        classics.append(
            min(
                decibel(FISTA(dataclasses.replace(problem, penalty=penalty), NUM_LAYERS)(x), truth)
                for penalty in (0.4, 0.3, 0.2, 0.15, 0.1, 0.05)
            )
        )
    gains = [classic - error for classic, error in zip(classics, errors)]
    name = f"{NUM_LAYERS} layers"
    yield Figure(f"synthetic, {name}: error to the true code", tuple(errors), -35.0, unit="dB")
    yield Figure(
        f"synthetic, {name}: better than FISTA after {NUM_LAYERS} steps",
        tuple(gains),
        15.0,
        better="higher",
        unit="dB",
    )
    yield Figure(f"synthetic, FISTA after {NUM_LAYERS} steps", tuple(classics), unit="dB")
    yield Figure("synthetic, training", tuple(seconds), 600.0, unit="CPU s")


def regimes(fast, seeds, progress):
    """One network trained without labels, by converged codes, and by the true codes."""
    rows = [
        regime_objectives(fast, seed)
        for seed in progress.track(seeds, description="training regimes")
    ]
    names = ("unsupervised", "supervised", f"FISTA-{NUM_LAYERS}", "on the truth")
    columns = dict(zip((*names, "optimum", "CPU s"), np.transpose(rows)))
    for name in (*names, "optimum"):
        yield Figure(f"regimes, objective {name}", tuple(columns[name].tolist()))
    for lower, higher in itertools.pairwise(names):
        margin = columns[higher] - columns[lower]
        yield Figure(
            f"regimes, E({higher}) - E({lower})", tuple(margin.tolist()), 0.0, better="higher"
        )
    excess = 100.0 * (columns["unsupervised"] / columns["optimum"] - 1.0)
    yield Figure("regimes, unsupervised above the optimum", tuple(excess.tolist()), 2.0, unit="%")
    yield Figure("regimes, longest training", tuple(columns["CPU s"].tolist()), 180.0, unit="CPU s")


def regime_objectives(fast, seed):
    """Mean objectives of the four solvers and of the optimum, then the longest CPU time."""
    num_samples, epochs = (2000, 1) if fast else (20_000, 15)
    batch_size = 256
    problem = gaussian_problem(50, 100, penalty=0.1, seed=seed)
    x, truth = draw(problem, num_samples, seed=1000 + seed)
    test, _ = draw(problem, 2000, seed=2000 + seed)
    seconds = []

    def objective(y):
        return float(np.mean(problem.objective(test, np.asarray(y, "float32"))))

    def trained(labels):
        network = lista(problem, NUM_LAYERS, train_decoder=True, momentum=True)
        solver = NeuralSolver(network, problem) if labels is None else network
        loss = None if labels is None else "mse"
        optimizer = adam(2e-3, epochs * -(-num_samples // batch_size))
        solver.compile(optimizer, loss=loss)
        keras.utils.set_random_seed(seed)
        begin = time.process_time()
        solver.fit(x, labels, epochs=epochs, batch_size=batch_size, verbose=0)
        seconds.append(time.process_time() - begin)
        return objective(network.predict(test, verbose=0))

    converged = compiled(FISTA(problem, 300))(x)
    return (
        trained(None),
        trained(converged),
        objective(FISTA(problem, NUM_LAYERS)(test)),
        trained(truth),
        objective(CoordinateDescent(problem)(test)),
        max(seconds),
    )


def photographs(fast, seeds, progress):
    """The experiment of the command line: 8 layers against the classic solvers."""
    settings = applications.load("sparse-coding").settings()
    if fast:
        sizes = {"num_dictionary_patches": 2000, "num_training_patches": 2000}
        settings = dataclasses.replace(settings, **sizes, num_test_patches=100, epochs=1, repeats=1)
    runs = [photograph_run(settings, seed, progress) for seed in seeds]
    num_layers = settings.num_layers
    comparisons = [metrics["comparisons"][-1] for metrics in runs]
    gaps = [row["gap"] for row in comparisons]
    classic = [fista_gap(metrics, 8 * num_layers) for metrics in runs]
    name = f"photographs, {num_layers} layers"
    yield Figure(
        f"{name}: gap over that of FISTA after {8 * num_layers} steps",
        tuple(np.divide(gaps, classic).tolist()),
        1.0,
    )
    yield Figure(f"{name}: gap as a share of the optimum", tuple(gaps))
    yield Figure(f"photographs, FISTA after {8 * num_layers} steps: gap", tuple(classic))
    # Zero stands for "no classic setting measured gets there".
    speedups = [row["speedup_at_equal_accuracy"] or 0.0 for row in comparisons]
    yield Figure(
        f"{name}: speed-up at equal gap, batch {settings.num_test_patches}",
        tuple(speedups),
        4.0,
        better="higher",
    )
    yield Figure("photographs, training", tuple(m["training_seconds"] for m in runs), unit="s")


def photograph_run(settings, seed, progress):
    """Metrics of one run of the experiment."""
    with tempfile.TemporaryDirectory() as folder:
        settings = dataclasses.replace(settings, seed=seed)
        path = Path(folder) / "run"
        return execute(applications.load("sparse-coding"), settings, path, progress).metrics


def fista_gap(metrics, num_iterations):
    """Gap of FISTA in the large batch."""
    return next(
        row["error"]
        for row in metrics["measurements"]
        if (row["name"], row["setting"]) == ("FISTA", str(num_iterations)) and row["batch_size"] > 1
    )


PARTS = {"synthetic": synthetic, "regimes": regimes, "photographs": photographs}
