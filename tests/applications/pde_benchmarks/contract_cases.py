from contract import Layer, Model

from keras_solvers import layers, models
from keras_solvers.applications.pde_benchmarks import Wall

_WALLS = [Wall(((0.0, 0.0), (1.0, 0.0)), None)]

LAYERS = {
    "LocalRandomFeatures": Layer(
        layers.LocalRandomFeatures,
        {"centers": [[0.0, 0.0], [0.5, 0.5]], "sizes": [1.0, 0.5], "units": 2, "seed": 0},
        (2,),
    ),
    "WallStreamFunction": Layer(layers.WallStreamFunction, {"walls": _WALLS}, [(2,), (1,)]),
}
MODELS = {
    "stream_network": Model(
        lambda: models.stream_network(_WALLS, [(0.0, 1.0)] * 2, 0.5, [(0.5, 0.5)]), (2,)
    ),
}
