import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers.applications.incompressible_flow.classic.sparse_pressure import (
    SparsePressureSolver,
)
from keras_solvers.classic import (
    AlgebraicMultigrid,
    ConjugateGradient,
    DampedJacobi,
    FastPoisson,
    IncompleteCholeskyCG,
    Multigrid,
    RedBlackSOR,
)
from keras_solvers.problems import PressureProjection
from keras_solvers.solver import SolverModel

SOLVERS = {
    "Jacobi": lambda problem, tol: DampedJacobi(problem, 20_000, tol),
    "SOR": lambda problem, tol: RedBlackSOR(problem, 3_000, tol, relaxation=1.7),
    "CG": lambda problem, tol: ConjugateGradient(problem, 1_000, tol),
    "diagonal CG": lambda problem, tol: ConjugateGradient(
        problem, 1_000, tol, preconditioner=DampedJacobi(problem, 1, damping=1.0)
    ),
    "multigrid": lambda problem, tol: Multigrid(problem, 300, tol),
    "multigrid CG": lambda problem, tol: ConjugateGradient(
        problem, 100, tol, preconditioner=Multigrid(problem, 1)
    ),
    "incomplete Cholesky": lambda problem, tol: IncompleteCholeskyCG(problem, tol),
    "algebraic multigrid": lambda problem, tol: AlgebraicMultigrid(problem, tol),
}


def inputs(problem, num_samples=2, seed=0):
    """As `problem.sample`, with a divergence that adds up to zero in float64."""
    fluid = ops.convert_to_numpy(problem.sample(num_samples, seed))[..., 1].astype("float64")
    rng = np.random.default_rng(seed)
    velocity = [
        rng.normal(size=tuple(n + (k == axis + 1) for k, n in enumerate(fluid.shape)))
        for axis in range(len(problem.cells))
    ]
    return ops.convert_to_numpy(problem.inputs(velocity, fluid, normalized=True))


def solved(solver, x):
    """The answer, by a graph: op by op, the loops take long; XLA would compile longer yet."""
    if isinstance(solver, SparsePressureSolver | FastPoisson):
        return solver(x)
    model = SolverModel(solver)
    model.compile(jit_compile=False)
    return model.predict_on_batch(x)


def residuals(problem, x, y):
    return ops.convert_to_numpy(problem.relative_residual(x, ops.convert_to_tensor(y)))


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("sides", ["closed", (("open", "closed"), ("periodic", "periodic"))])
def test_solves_to_the_tolerance_asked_for(name, sides):
    problem = PressureProjection((16, 20), sides)
    x = inputs(problem)
    y = solved(SOLVERS[name](problem, 1e-8), x)
    assert np.all(residuals(problem, x, y) <= 1.0001e-8)
    assert ops.convert_to_numpy(y).dtype == x.dtype


@pytest.mark.parametrize("sides", ["closed", "open", "periodic", (("closed",) * 2, ("open",) * 2)])
def test_fast_transforms_agree_with_multigrid(sides):
    problem = PressureProjection((16, 12), sides, max_obstacles=0)
    x = inputs(problem)
    y = FastPoisson(problem)(x)
    assert np.all(residuals(problem, x, y) < 1e-12)
    other = solved(SOLVERS["multigrid CG"](problem, 1e-12), x)
    means = [np.mean(p, axis=(1, 2, 3), keepdims=True) * (sides != "open") for p in (y, other)]
    np.testing.assert_allclose(y - means[0], other - means[1], atol=1e-8)


def test_fast_transforms_refuse_solids_and_mixed_sides():
    problem = PressureProjection((16, 16))
    with pytest.raises(ValueError, match="Multigrid"):
        FastPoisson(problem)(inputs(problem))
    with pytest.raises(ValueError, match="Received"):
        FastPoisson(PressureProjection((8, 8), (("open", "closed"), ("closed", "closed"))))


def geometry(name):
    fluid = np.ones((12, 16))
    if name == "one-cell gaps":
        fluid[:, 5] = fluid[:, 10] = 0.0
        fluid[3, 5] = fluid[8, 10] = 1.0
    elif name == "enclosed pocket":
        fluid[3:9, 4:10] = 0.0
        fluid[4:8, 5:9] = 1.0
    elif name == "single cells":
        fluid[::2, ::2] = fluid[1::2, 1::2] = 0.0  # no two fluid cells touch
    elif name == "all solid":
        fluid[:] = 0.0
    return fluid


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("place", ["one-cell gaps", "enclosed pocket", "single cells", "all solid"])
def test_difficult_geometries(name, place):
    fluid = geometry(place)[None]
    problem = PressureProjection(fluid.shape[1:])
    rng = np.random.default_rng(0)
    velocity = (rng.normal(size=(1, 13, 16)), rng.normal(size=(1, 12, 17)))
    x = ops.convert_to_numpy(problem.inputs(velocity, fluid))
    problem.check(x)
    y = solved(SOLVERS[name](problem, 1e-6), x)
    assert np.all(residuals(problem, x, y) <= 1.0001e-6)


@pytest.mark.parametrize("cells", [(3, 64), (33, 17), (2, 2), (7, 6, 5)])
@pytest.mark.parametrize("name", ["multigrid", "multigrid CG", "CG"])
def test_any_number_of_cells(name, cells):
    problem = PressureProjection(cells, max_obstacles=0)
    x = inputs(problem)
    y = solved(SOLVERS[name](problem, 1e-8), x)
    assert np.all(residuals(problem, x, y) <= 1.0001e-8)


def test_mirrored_flow_has_the_mirrored_pressure():
    problem = PressureProjection((16, 16))
    x = inputs(problem)
    solver = SOLVERS["multigrid CG"](problem, 1e-12)
    y, mirrored = (solved(solver, flow) for flow in (x, x[:, ::-1]))
    inside = x[..., 1:]
    difference = (mirrored[:, ::-1] - y) * inside
    difference -= inside * difference.sum((1, 2), keepdims=True) / inside.sum((1, 2), keepdims=True)
    assert np.max(np.abs(difference)) < 1e-8 * np.max(np.abs(y))


def test_multigrid_converges_at_a_rate_that_does_not_depend_on_the_size():
    rates = []
    for n in (16, 64):
        problem = PressureProjection((n, n))
        x = inputs(problem)
        coarse, fine = (
            residuals(problem, x, solved(Multigrid(problem, k, num_smoothings=2), x))
            for k in (2, 6)
        )
        rates.append(np.max((fine / coarse) ** 0.25))
    assert max(rates) < 0.3
    assert rates[1] < 1.5 * rates[0]


@pytest.mark.parametrize("sides", ["closed", "periodic"])
@pytest.mark.parametrize("name", ["CG", "multigrid", "multigrid CG"])
def test_single_precision_never_diverges(name, sides):
    """Asked for more than float32 can hold, the answer is as good as it can be, not NaN."""
    problem = PressureProjection((64, 64), sides)
    x = ops.convert_to_numpy(problem.sample(2, seed=0))
    y = solved(SOLVERS[name](problem, 1e-12), x)
    assert np.all(residuals(problem, x, y) < 1e-3)


@keras.saving.register_keras_serializable(package="tests")
class Adversary(keras.layers.Layer):
    """Answers at random, far off, and sometimes not in the least like a descent direction."""

    def call(self, x):
        return -1e3 * keras.ops.sin(1e3 * x[..., :1]) + 1e4 * keras.random.normal(
            keras.ops.shape(x[..., :1]), seed=3, dtype=x.dtype
        )


def test_an_adversarial_network_costs_time_but_never_correctness():
    problem = PressureProjection((16, 16))
    x = inputs(problem)
    adversary = Adversary(dtype="float64")
    good = Multigrid(problem, 1)
    solvers = [
        ConjugateGradient(problem, 300, 1e-6, adversary, preconditioner=good),
        Multigrid(problem, 300, 1e-6, adversary),
        IncompleteCholeskyCG(problem, 1e-6, initial_guess=adversary),
    ]
    for solver in solvers:
        assert np.all(residuals(problem, x, solved(solver, x)) <= 1.0001e-6)
    worse = ConjugateGradient(problem, 30, 1e-6, preconditioner=adversary)
    assert np.all(residuals(problem, x, solved(worse, x)) <= 1.0)  # never worse than its start


class NotANumber(keras.layers.Layer):
    def call(self, x):
        return x[..., :1] / keras.ops.zeros_like(x[..., :1])


@pytest.mark.parametrize("network", [Adversary, NotANumber])
@pytest.mark.parametrize("num_previous", [1, 2])
def test_with_a_fallback_any_network_may_precondition(network, num_previous):
    problem = PressureProjection((16, 16))
    x = inputs(problem)
    bad, cycle = network(dtype="float64"), Multigrid(problem, 1)
    settings = {"num_previous": num_previous, "fallback": cycle}
    # A step of the network and one of steepest descent by turns: at most four times the steps.
    plain = ConjugateGradient(problem, 10, 1e-6, preconditioner=cycle)
    assert np.all(residuals(problem, x, solved(plain, x)) <= 1.0001e-6)
    within = ConjugateGradient(problem, 40, 1e-6, bad, preconditioner=bad, **settings)
    assert np.all(residuals(problem, x, solved(within, x)) <= 1.0001e-6)


def test_a_good_preconditioner_never_needs_the_fallback():
    problem = PressureProjection((16, 16))
    x = inputs(problem)
    cycle, bad = Multigrid(problem, 1), Adversary(dtype="float64")
    alone = ConjugateGradient(problem, 5, preconditioner=cycle)
    backed = ConjugateGradient(problem, 5, preconditioner=cycle, fallback=bad)
    np.testing.assert_array_equal(solved(alone, x), solved(backed, x))


def test_initial_guess_saves_iterations():
    problem = PressureProjection((32, 32))
    x = inputs(problem)
    exact = SOLVERS["multigrid CG"](problem, 1e-10)
    again = ConjugateGradient(problem, 0, 1e-6, initial_guess=exact)
    assert np.all(residuals(problem, x, solved(again, x)) <= 1e-10)


@pytest.mark.parametrize("solver", [DampedJacobi, RedBlackSOR, Multigrid, ConjugateGradient])
def test_wrong_settings_are_named(solver):
    problem = PressureProjection((8, 8))
    with pytest.raises(ValueError, match="Received"):
        solver(problem, -1)
    with pytest.raises(ValueError, match="Received"):
        solver(problem, 1, 1.5)


@pytest.mark.parametrize("kind", [IncompleteCholeskyCG, AlgebraicMultigrid])
def test_a_kept_setup_is_that_of_its_own_solids(kind):
    problem = PressureProjection((10, 12), max_obstacles=2)
    x = np.asarray(problem.sample(3, seed=0))
    kept = kind(problem, 1e-6, keep_setup=True)
    for _ in range(2):
        np.testing.assert_array_equal(kept(x), kind(problem, 1e-6)(x))
