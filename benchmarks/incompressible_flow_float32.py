"""Pressure solves in single precision on boxes without an open side, for `benchmarks.pressure`.

There the pressure has a free constant, and rounding leaves a net outflow that no pressure removes.
With PhiFlow on the Python path its default solve is shown beside ours, for the same flows.
"""

import numpy as np
from keras import ops

from benchmarks.harness import Figure
from keras_solvers import compiled
from keras_solvers.classic import ConjugateGradient, Multigrid
from keras_solvers.problems import PressureProjection

TOLERANCE = 1e-5


def single_precision(sizes):
    """`Figure`s: the divergence that is left of random flows, relative; 1 where a solve failed."""
    for sides in ("closed", "periodic"):
        for n in sizes:
            problem = PressureProjection((n, n), sides, max_obstacles=0)
            x, theirs = _phiflow(n, sides)
            if x is None:
                x = ops.convert_to_numpy(problem.sample(1, 0))
            cycle = Multigrid(problem, 1, num_smoothings=2)
            solver = compiled(ConjugateGradient(problem, 100, TOLERANCE, preconditioner=cycle))
            ours = float(ops.convert_to_numpy(problem.relative_residual(x, solver(x)))[0])
            label = f"float32, {n} x {n}, {sides}: residual of"
            yield Figure(f"{label} multigrid CG", (ours,), TOLERANCE)
            if theirs is not None:
                yield Figure(f"{label} PhiFlow's default (1: it raised an error)", (theirs,))


def _phiflow(n, sides):
    """`(x, residual)` of PhiFlow's default solve for a random flow; `(None, None)` without it."""
    try:
        from phi import flow
    except ImportError:
        return None, None
    flow.math.seed(0)
    boundary = flow.extrapolation.PERIODIC if sides == "periodic" else 0
    before = flow.StaggeredGrid(flow.Noise(), boundary, x=n, y=n)
    divergence = flow.field.divergence(before).values.numpy("x,y")
    x = np.stack([divergence, np.ones_like(divergence)], axis=-1)[None].astype("float32")
    try:
        after, _ = flow.fluid.make_incompressible(before)
    except flow.math.ConvergenceException:
        return x, 1.0
    left = flow.field.divergence(after).values.numpy("x,y")
    return x, float(np.linalg.norm(left) / np.linalg.norm(divergence))
