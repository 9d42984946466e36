"""What a basis costs in training: a part of `benchmarks.closure`."""

import time

import keras
import numpy as np

from benchmarks.harness import Figure
from keras_solvers.applications.turbulence_closure import paired_flow, trainable_part
from keras_solvers.models import tensor_basis_network


def figures(fast, seeds, progress):
    """Seconds of training, over those of the same layers that end with the coefficients."""
    flow = paired_flow("periodic_hills")
    prepare, weigh = trainable_part(tensor_basis_network())
    features, tensors = prepare.predict(flow.tensors, verbose=0)
    plain = keras.Sequential(
        [keras.layers.Dense(30, "silu") for _ in range(5)] + [keras.layers.Dense(9)]
    )
    runs = (
        (weigh, [features, tensors], flow.anisotropy),
        (
            plain,
            features,
            flow.anisotropy.reshape(-1, 9),
        ),
    )
    steps = len(features) // 256
    for network, _, _ in runs:
        network.compile("adam", "mse", steps_per_execution=steps)
    seconds = np.array(
        [[_seconds(*run, 256 * steps, 1 if fast else 10) for run in runs] for _ in range(6)]
    )
    ratios = seconds[1:, 0] / seconds[1:, 1]  # the first compiles
    yield Figure("training step over that without a basis", tuple(ratios), 1.10)


def _seconds(network, x, b, kept, epochs):
    x = [each[:kept] for each in x] if isinstance(x, list) else x[:kept]
    begin = time.perf_counter()
    network.fit(x, b[:kept], 256, epochs, verbose=0)
    return time.perf_counter() - begin
