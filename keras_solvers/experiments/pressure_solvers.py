"""The pressure solvers of a simulation by name."""

from keras_solvers.classic import (
    AlgebraicMultigrid,
    ConjugateGradient,
    DampedJacobi,
    IncompleteCholeskyCG,
    Multigrid,
    RedBlackSOR,
)
from keras_solvers.models.transfer import for_problem
from keras_solvers.solver import compiled

MOST = 10_000  # iterations; a tolerance ends them


def diagonal_cg(problem, tolerance):
    diagonal = DampedJacobi(problem, 1, damping=1.0)
    return compiled(ConjugateGradient(problem, MOST, tolerance, preconditioner=diagonal))


def multigrid_cg(problem, tolerance):
    return compiled(
        ConjugateGradient(problem, MOST, tolerance, preconditioner=Multigrid(problem, 1))
    )


def multigrid(problem, tolerance):
    return compiled(Multigrid(problem, MOST, tolerance, num_smoothings=2))


def sor(problem, tolerance):
    relaxation = 2.0 / (1.0 + 3.1416 / max(problem.cells))
    return compiled(RedBlackSOR(problem, MOST, tolerance, relaxation=relaxation))


def jacobi(problem, tolerance):
    return compiled(DampedJacobi(problem, MOST, tolerance))


CLASSIC = {
    "multigrid": multigrid,
    "multigrid-cg": multigrid_cg,
    "algebraic-multigrid": AlgebraicMultigrid,
    "ic0-cg": IncompleteCholeskyCG,
    "diagonal-cg": diagonal_cg,
    "sor": sor,
    "jacobi": jacobi,
}


def neural(problem, tolerance, network):
    """One pass of the network, however large its residual."""
    return compiled(for_problem(network, problem))


def hybrid(problem, tolerance, network):
    """Conjugate gradients from the network and preconditioned by it, to the tolerance."""
    fitting = for_problem(network, problem)
    return compiled(ConjugateGradient(problem, MOST, tolerance, fitting, preconditioner=fitting))


NEURAL = {"neural": neural, "hybrid": hybrid}


def named_solver(name, problem, tolerance, network=None):
    """A compiled pressure solver.

    Args:
        name: A key of `CLASSIC` or `NEURAL`.
        problem: The `PressureProjection`.
        tolerance: Relative residual at which it is done.
        network: Trained network, for those of `NEURAL`.

    Raises:
        ValueError: If there is no such solver.
    """
    check_name(name)
    if name in NEURAL:
        return NEURAL[name](problem, tolerance, network)
    return CLASSIC[name](problem, tolerance)


def check_name(name):
    if name not in {**NEURAL, **CLASSIC}:
        raise ValueError(
            f"There is no pressure solver {name!r}. Choose one of: {', '.join((*NEURAL, *CLASSIC))}"
        )
