"""Networks for small images, from softmax regression to an autoencoder."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "layers": {
        "drop_connect": ("DropConnectDense",),
        "random_distortion": ("RandomDistortion",),
        "subsampling": ("Subsampling",),
        "partially_connected_convolution": ("PartiallyConnectedConvolution",),
    },
    "models": {
        "autoencoder": ("classic_autoencoder", "conv_autoencoder"),
        "convnet": ("convnet",),
        "lenet": ("lenet5",),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)
