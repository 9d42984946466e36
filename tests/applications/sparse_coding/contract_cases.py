import numpy as np
from contract import Layer, Model, Problem, Solver

from keras_solvers import classic, layers, models
from keras_solvers.problems import SparseCoding

_DICTIONARY = np.random.default_rng(0).normal(size=(8, 16))
PROBLEM = SparseCoding(_DICTIONARY / np.linalg.norm(_DICTIONARY, axis=0), penalty=0.1, density=0.5)
_OPTIONS = {"tied": True, "momentum": True, "support_shares": [0.0, 0.1, 0.2]}

LAYERS = {"Shrinkage": Layer(layers.Shrinkage, {"units": 7, "num_steps": 2}, (5,))}
MODELS = {
    "alista": Model(lambda: models.alista(PROBLEM, 3), (8,)),
    "lista": Model(lambda: models.lista(PROBLEM, 3), (8,)),
    "lista, all options": Model(lambda: models.lista(PROBLEM, 3, **_OPTIONS), (8,)),
}
PROBLEMS = {"SparseCoding": Problem(PROBLEM)}
CLASSIC = {
    "CoordinateDescent": Solver(classic.CoordinateDescent, PROBLEM, (16,)),
    "FISTA": Solver(lambda p, **kwargs: classic.FISTA(p, 200, **kwargs), PROBLEM, (16,)),
    "ISTA": Solver(lambda p, **kwargs: classic.ISTA(p, 30, **kwargs), PROBLEM, (16,)),
}
