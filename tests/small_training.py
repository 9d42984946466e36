"""A training of a second, for tests of what surrounds it."""

import keras
import numpy as np

from keras_solvers import training


def model(rate=0.1):
    keras.utils.set_random_seed(1)
    net = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(8, "relu"),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(1),
        ]
    )
    net.compile(keras.optimizers.Adam(rate), loss="mse")
    return net


def data(count=100):
    x = np.random.default_rng(0).normal(size=(count, 3)).astype("float32")
    return x, x.sum(axis=1, keepdims=True)


def fit(folder, epochs, net=None, callbacks=()):
    net = net or model()
    history = training.train(
        net,
        *data(),
        epochs=epochs,
        batch_size=32,
        seed=5,
        checkpoint=folder / "checkpoint.npz",
        callbacks=callbacks,
    )
    return net, history
