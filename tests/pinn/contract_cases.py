from contract import Layer, Model

from keras_solvers import layers, models

LAYERS = {
    "AdaptiveActivation": Layer(layers.AdaptiveActivation, {"scale": 4.0, "per_unit": True}, (5,)),
    "AdaptiveSkip": Layer(layers.AdaptiveSkip, {}, [(5,), (5,)]),
    "FourierFeatures": Layer(layers.FourierFeatures, {"num_waves": 3, "scale": 2.0}, (2,)),
    "PeriodicEmbedding": Layer(
        layers.PeriodicEmbedding, {"periods": [2.0, None], "num_waves": 2}, (2,)
    ),
}
MODELS = {
    "CouplingFlow": Model(lambda: models.CouplingFlow(3, 2, width=8), (3,)),
    "gated_mlp": Model(lambda: models.gated_mlp(3, 2, width=8, depth=2), (3,)),
    "pirate_net": Model(lambda: models.pirate_net(3, 2, width=8), (3,)),
}
