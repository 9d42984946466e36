"""The cost of a tensor basis in training: a part of `benchmarks.turbulence_closure`."""

import time

import keras
import numpy as np

from benchmarks.harness import Figure
from keras_solvers.applications.turbulence_closure import rans_les_flow, split_preprocessing
from keras_solvers.models import tensor_basis_network


def figures(fast, seeds, progress):
    """Training time, over that of a plain network with the same features and hidden layers."""
    flow = rans_les_flow("periodic_hills")
    preprocessing, trainable = split_preprocessing(tensor_basis_network())
    features, tensors = preprocessing.predict(flow.tensors, verbose=0)
    plain = keras.Sequential(
        [keras.layers.Dense(30, "silu") for _ in range(5)] + [keras.layers.Dense(9)]
    )
    runs = (
        (trainable, [features, tensors], flow.anisotropy),
        (plain, features, flow.anisotropy.reshape(-1, 9)),
    )
    steps = len(features) // 256
    for network, _, _ in runs:
        network.compile("adam", "mse", steps_per_execution=steps)
    seconds = np.array(
        [[_seconds(*run, 256 * steps, 1 if fast else 10) for run in runs] for _ in range(6)]
    )
    ratios = seconds[1:, 0] / seconds[1:, 1]  # the first run compiles
    yield Figure("training step, over that of a plain network", tuple(ratios), 1.10)


def _seconds(network, x, b, num_samples, epochs):
    x = [each[:num_samples] for each in x] if isinstance(x, list) else x[:num_samples]
    begin = time.perf_counter()
    network.fit(x, b[:num_samples], 256, epochs, verbose=0)
    return time.perf_counter() - begin
