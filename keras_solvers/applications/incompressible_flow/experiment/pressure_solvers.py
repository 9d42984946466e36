"""The pressure solvers of a simulation by name.

The names are options of a command: solvers are imported when one is built.
"""

import math

from keras_solvers.applications import incompressible_flow as flow

MOST = 10_000  # iterations; a tolerance ends them


def _compiled(solver):
    from keras_solvers.solver import compiled

    return compiled(solver)


def _from_previous(kind, problem, tolerance, **settings):
    return _compiled(
        kind(problem, MOST, tolerance, initial_guess=flow.previous_pressure, **settings)
    )


def multigrid(problem, tolerance):
    return _from_previous(flow.Multigrid, problem, tolerance, num_smoothings=2)


def multigrid_cg(problem, tolerance):
    cycle = flow.Multigrid(problem, 1)
    return _from_previous(flow.ConjugateGradient, problem, tolerance, preconditioner=cycle)


def diagonal_cg(problem, tolerance):
    diagonal = flow.DampedJacobi(problem, 1, damping=1.0)
    return _from_previous(flow.ConjugateGradient, problem, tolerance, preconditioner=diagonal)


def sor(problem, tolerance):
    relaxation = 2.0 / (1.0 + math.pi / max(problem.cells))
    return _from_previous(flow.RedBlackSOR, problem, tolerance, relaxation=relaxation)


def jacobi(problem, tolerance):
    return _from_previous(flow.DampedJacobi, problem, tolerance)


def incomplete_cholesky(problem, tolerance):
    return flow.IncompleteCholeskyCG(
        problem, tolerance, MOST, flow.previous_pressure, keep_setup=True
    )


def algebraic_multigrid(problem, tolerance):
    return flow.AlgebraicMultigrid(
        problem, tolerance, MOST, flow.previous_pressure, keep_setup=True
    )


CLASSIC = {
    "multigrid": multigrid,
    "multigrid-cg": multigrid_cg,
    "algebraic-multigrid": algebraic_multigrid,
    "ic0-cg": incomplete_cholesky,
    "diagonal-cg": diagonal_cg,
    "sor": sor,
    "jacobi": jacobi,
}


def neural(problem, tolerance, network):
    """One pass of the network, however large its residual.

    Not from the last pressure: with no tolerance to meet, its errors would add up from step to
    step.
    """
    fitting = flow.for_problem(network, problem)
    return _compiled(lambda x: fitting(x[..., :2]))


def hybrid(problem, tolerance, network):
    """Conjugate gradients preconditioned by the network.

    They start from its answer for what the last pressure leaves. With a cycle of multigrid to fall
    back on, the tolerance is met whatever the network says.
    """
    fitting = flow.for_problem(network, problem)
    guess = flow.DefectCorrection(problem, flow.previous_pressure, fitting)
    cycle = flow.Multigrid(problem, 1)
    return _compiled(
        flow.ConjugateGradient(
            problem, MOST, tolerance, guess, preconditioner=fitting, fallback=cycle
        )
    )


NEURAL = {"neural": neural, "hybrid": hybrid}


def named_solver(name, problem, tolerance, network=None):
    """A compiled pressure solver that starts from the pressure of the step before.

    Args:
        name: A key of `CLASSIC` or `NEURAL`.
        problem: The `PressureProjection`.
        tolerance: Relative residual at which it is done.
        network: Trained network, for those of `NEURAL`.

    Returns:
        Callable from `(batch, *cells, 3)`: divergence, fluid, previous pressure.

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
