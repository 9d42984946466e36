"""Times the learned multigrid network beside the classic solvers of the pressure projection."""

import numpy as np

from keras_solvers.applications.incompressible_flow.classic.algebraic_multigrid import (
    AlgebraicMultigrid,
)
from keras_solvers.applications.incompressible_flow.classic.conjugate_gradient import (
    ConjugateGradient,
)
from keras_solvers.applications.incompressible_flow.classic.incomplete_cholesky import (
    IncompleteCholeskyCG,
)
from keras_solvers.applications.incompressible_flow.classic.multigrid import Multigrid
from keras_solvers.applications.incompressible_flow.classic.relaxation import DampedJacobi
from keras_solvers.comparison import break_even, speedup_at_equal_accuracy, work_precision
from keras_solvers.solver import compiled

NEURAL = "learned multigrid"
_CYCLES = ((1, (3, 4)), (2, (2, 3)), (3, (1, 2)))  # sweeps, and numbers of cycles with them


def measure_solvers(settings, problem, network, x, progress):
    """`Measurement`s of all solvers at a relative residual around 1e-2, where simulations live."""
    diagonal = DampedJacobi(problem, 1, damping=1.0)
    families = {
        "IC(0)-PCG": {t: IncompleteCholeskyCG(problem, t) for t in (1e-1, 1e-2, 3e-3)},
        "diagonal CG": {
            k: compiled(ConjugateGradient(problem, k, preconditioner=diagonal))
            for k in settings.diagonal_iterations
        },
        "algebraic multigrid": {t: AlgebraicMultigrid(problem, t) for t in (1e-2, 1e-3)},
        **{
            f"multigrid V({sweeps},{sweeps})": {
                k: compiled(Multigrid(problem, k, num_smoothings=sweeps)) for k in cycles
            }
            for sweeps, cycles in _CYCLES
        },
        "multigrid CG": {
            k: compiled(ConjugateGradient(problem, k, preconditioner=Multigrid(problem, 1)))
            for k in settings.preconditioned_iterations
        },
        NEURAL: {1: compiled(network)},
    }
    label = f"timing, batch {len(x)}"
    return work_precision(
        families,
        x,
        problem.relative_residual,
        repeats=settings.repeats,
        progress=lambda t: progress.track(t, description=label),
    )


def compare(measured, seconds):
    """What `metrics.json` says of the network beside all solvers, and beside IC(0)-PCG.

    Args:
        measured: `Measurement`s, that of the network last.
        seconds: Wall time of training.
    """
    *classic, neural = measured
    result = {"batch_size": neural.batch_size, "residual": neural.error}
    result["neural_seconds"] = neural.seconds
    cholesky = [m for m in classic if m.name == "IC(0)-PCG"]
    for key, others in (("best", classic), ("cholesky", cholesky)):
        faster = speedup_at_equal_accuracy(neural, others)
        result[f"{key}_classic"] = faster.classic_name
        result[f"{key}_seconds"] = _finite(faster.classic_seconds)
        result[f"{key}_speedup"] = _finite(faster.ratio)
    result["break_even_solves"] = _finite(break_even(neural, classic, seconds))
    return result


def _finite(value):
    return value if np.isfinite(value) else None
