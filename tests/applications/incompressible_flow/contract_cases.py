from contract import Layer, Model, Problem, Solver

from keras_solvers import classic, layers, models
from keras_solvers.problems import PressureProjection

_SIDES = (("closed", "open"), ("periodic", "periodic"))
PROBLEM = PressureProjection((12, 16), _SIDES)
EMPTY_BOX = PressureProjection((12, 16), max_obstacles=0)
_PRESSURE = (12, 16, 1)

LAYERS = {
    "MultigridCycle": Layer(layers.MultigridCycle, {}, (8, 8, 2)),
    "Prolongation": Layer(layers.Prolongation, {"factor": 3}, (4, 3, 2)),
    "RemainingDivergence": Layer(layers.RemainingDivergence, {}, (4, 6, 2)),
    "Restriction": Layer(layers.Restriction, {}, (4, 3, 5, 2)),
    "SidePadding": Layer(
        layers.SidePadding, {"sides": [list(s) for s in _SIDES], "open_value": 2.0}, (4, 3, 2)
    ),
}
MODELS = {
    "fluid_net": Model(lambda: models.fluid_net(PROBLEM), (12, 16, 2)),
    "multigrid_network": Model(
        lambda: models.multigrid_network(EMPTY_BOX, cells=(8, 8)), (8, 8, 2)
    ),
    "pressure_unet": Model(lambda: models.pressure_unet(PROBLEM), (12, 16, 2)),
}
PROBLEMS = {"PressureProjection": Problem(PROBLEM)}
CLASSIC = {
    "AlgebraicMultigrid": Solver(classic.AlgebraicMultigrid, PROBLEM, _PRESSURE),
    "ConjugateGradient": Solver(
        lambda p, **kwargs: classic.ConjugateGradient(p, 100, 1e-5, **kwargs), PROBLEM, _PRESSURE
    ),
    "DampedJacobi": Solver(
        lambda p, **kwargs: classic.DampedJacobi(p, 30, **kwargs), PROBLEM, _PRESSURE
    ),
    "FastPoisson": Solver(classic.FastPoisson, EMPTY_BOX, _PRESSURE, iterative=False),
    "IncompleteCholeskyCG": Solver(classic.IncompleteCholeskyCG, PROBLEM, _PRESSURE),
    "Multigrid": Solver(lambda p, **kwargs: classic.Multigrid(p, 3, **kwargs), PROBLEM, _PRESSURE),
    "RedBlackSOR": Solver(
        lambda p, **kwargs: classic.RedBlackSOR(p, 30, **kwargs), PROBLEM, _PRESSURE
    ),
}
