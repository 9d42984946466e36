from contract import Layer, Model

from keras_solvers import layers, models

_IMAGE = (28, 28, 1)

LAYERS = {
    "BoundedNorm": Layer(layers.BoundedNorm, {"size": 2.0}, (2, 3)),
    "RadialBasis": Layer(layers.RadialBasis, {"centers": [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]]}, (3,)),
    "VariationalDense": Layer(
        layers.VariationalDense,
        {"units": 5, "activation": "tanh", "prior_std": 0.5, "kl_weight": 1e-3},
        (4, 3),
    ),
}
MODELS = {
    "concatenate_networks": Model(
        lambda: models.concatenate_networks([models.coordinate_mlp(3), models.gated_mlp(3, 2)]),
        (3,),
    ),
    "coordinate_mlp": Model(lambda: models.coordinate_mlp(3, 2, width=8, depth=2), (3,)),
    "ensemble": Model(
        lambda: models.ensemble([models.softmax_regression(), models.softmax_regression()]),
        _IMAGE,
    ),
    "mlp": Model(lambda: models.mlp(_IMAGE, 10, width=16, depth=2, dropout=0.1), _IMAGE),
    "softmax_regression": Model(models.softmax_regression, _IMAGE),
}
