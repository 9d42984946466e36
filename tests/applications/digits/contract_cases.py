from contract import Layer, Model

from keras_solvers import layers, models

_IMAGE = (28, 28, 1)

LAYERS = {
    "DropConnectDense": Layer(layers.DropConnectDense, {"units": 4, "activation": "relu"}, (5,)),
    "PartiallyConnectedConvolution": Layer(
        layers.PartiallyConnectedConvolution,
        {"connections": [[0], [0, 1]], "kernel_size": 3},
        (6, 6, 2),
    ),
    "RandomDistortion": Layer(layers.RandomDistortion, {"shift": 1.0, "elastic": 1.0}, (8, 8, 1)),
    "Subsampling": Layer(layers.Subsampling, {}, (4, 4, 3)),
}
MODELS = {
    "classic_autoencoder": Model(models.classic_autoencoder, _IMAGE),
    "conv_autoencoder": Model(models.conv_autoencoder, _IMAGE),
    "convnet": Model(models.convnet, _IMAGE),
    "lenet5": Model(models.lenet5, _IMAGE),
    "lenet5, modern": Model(lambda: models.lenet5(modern=True), _IMAGE),
}
