"""Time of a step of Adam on Burgers' equation; run by `benchmarks.peers.call`."""

import sys
import time

import keras
import numpy as np

from keras_solvers.applications.pde_benchmarks.cases import case
from keras_solvers.pinn import PINN


def step_seconds(job):
    """CPU-seconds of a step, without compilation."""
    chosen = case(str(job["case"]))
    model = PINN(chosen.network("float32"), chosen.problem())
    model.compile(keras.optimizers.Adam(1e-3))
    times = []
    for _ in range(6):
        start = time.process_time()
        model.fit({"residual": job["points"]}, 50, verbose=0)
        times.append((time.process_time() - start) / 50)
    return {"seconds": np.median(times[1:])}


if __name__ == "__main__":
    np.savez(sys.argv[2], **step_seconds(np.load(sys.argv[1])))
