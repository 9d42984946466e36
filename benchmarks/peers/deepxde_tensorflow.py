"""A case of `run pinn` by DeepXDE; run by `benchmarks.peers.call` in DeepXDE's environment.

The same network, points and conditions by construction; float64; Adam for half of the CPU-time,
then its L-BFGS, which starts anew every hundred steps so that it ends with the time.
"""

import sys
import time

import deepxde as dde
import numpy as np
from deepxde.backend import tf

PI = np.pi


def burgers(x, y):
    u_x = dde.grad.jacobian(y, x, i=0, j=0)
    u_t = dde.grad.jacobian(y, x, i=0, j=1)
    return u_t + y * u_x - 0.01 / PI * dde.grad.hessian(y, x, i=0, j=0)


def burgers_ansatz(x, y):
    return -tf.sin(PI * x[:, 0:1]) + (1.0 - x[:, 0:1] ** 2) * x[:, 1:2] * y


def square(x, y):
    wave = tf.sin(PI * x[:, 0:1]) * tf.sin(PI * x[:, 1:2])
    laplacian = dde.grad.hessian(y, x, i=0, j=0) + dde.grad.hessian(y, x, i=1, j=1)
    return laplacian + 2.0 * PI**2 * wave


def square_ansatz(x, y):
    return x[:, 0:1] * (1.0 - x[:, 0:1]) * x[:, 1:2] * (1.0 - x[:, 1:2]) * y


CASES = {
    "burgers": (burgers, burgers_ansatz, [2, 20, 20, 20, 20, 1]),
    "poisson-square": (square, square_ansatz, [2, 20, 20, 1]),
}


class StopAfter(dde.callbacks.Callback):
    """Ends a training at a CPU-time."""

    def __init__(self, end):
        super().__init__()
        self.end = end

    def on_epoch_end(self):
        if time.process_time() > self.end:
            self.model.stop_training = True


def built(job):
    """The model of a case; its boundary holds by construction."""
    residual, ansatz, widths = CASES[str(job["case"])]
    low, high = job["points"].min(0), job["points"].max(0)
    data = dde.data.PDE(dde.geometry.Rectangle(low, high), residual, [], anchors=job["points"])
    net = dde.nn.FNN(widths, "tanh", "Glorot normal")
    net.apply_output_transform(ansatz)
    return dde.Model(data, net)


def solve(job):
    """Values on the grid after some CPU-seconds, those of compilation included."""
    start, seconds = time.process_time(), float(job["seconds"])
    model = built(job)
    model.compile("adam", lr=1e-3)
    quiet = {"display_every": 10**9, "verbose": 0}
    model.train(iterations=10**7, callbacks=[StopAfter(start + 0.5 * seconds)], **quiet)
    adam = model.predict(job["grid"])
    dde.optimizers.set_LBFGS_options(maxiter=100)
    while time.process_time() - start < seconds:
        model.compile("L-BFGS")
        model.train(**quiet)
    return {
        "values": model.predict(job["grid"]),
        "adam": adam,
        "spent": time.process_time() - start,
    }


def step_seconds(job):
    """CPU-seconds of a step of Adam, without compilation."""
    model = built(job)
    model.compile("adam", lr=1e-3)
    times = []
    for _ in range(6):
        start = time.process_time()
        model.train(iterations=50, display_every=10**9, verbose=0)
        times.append((time.process_time() - start) / 50)
    return {"seconds": np.median(times[1:])}


if __name__ == "__main__":
    job = dict(np.load(sys.argv[1]))
    dde.config.set_random_seed(int(job["seed"]))
    dde.config.set_default_float(str(job["dtype"]))
    job["points"] = job["points"].astype(str(job["dtype"]))
    task = {"solve": solve, "step": step_seconds}[str(job["task"])]
    np.savez(sys.argv[2], **task(job))
