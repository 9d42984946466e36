"""A density on a box that can be evaluated and drawn from."""

import keras
import numpy as np
from keras import ops

_EDGE = 1e-6  # points closer to a side of the box are taken to be that far away
_STRETCH = 2.0  # largest logarithm by which a layer stretches
_SPREAD = 1.7  # deviation of the normal distribution whose image is closest to an even one


@keras.saving.register_keras_serializable(package="keras_solvers.pinn")
class CouplingFlow(keras.Model):
    """A density on the unit cube: a normal one, pulled back through invertible layers.

    Points are moved to all of space by `log(x / (1 - x))`; then each layer scales and shifts half
    of the coordinates by networks of the other half (Dinh, Sohl-Dickstein and Bengio, Density
    estimation using real NVP, 2017, section 3). It starts close to the density of that normal
    distribution, whose deviation makes it even but for the edges.

    Args:
        dimensions: Number of coordinates, at least 2.
        num_layers: Number of layers.
        width: Units of their networks, which have two hidden layers.
        seed: Seed of their weights.

    Shapes:
        x: `(batch, dimensions)`, in the unit cube.
        y: `(batch, 1)`, logarithm of the density.
    """

    def __init__(self, dimensions, num_layers=6, width=32, seed=0, **kwargs):
        super().__init__(**kwargs)
        if dimensions < 2:
            raise ValueError(
                "A flow of coupling layers needs two coordinates or more. "
                f"Received: dimensions={dimensions}"
            )
        self.dimensions, self.num_layers, self.width = dimensions, num_layers, width
        self.seed = seed
        self.networks = [self._network(2 * number + seed) for number in range(num_layers)]
        self.built = True

    def call(self, x):
        x = ops.clip(x, _EDGE, 1.0 - _EDGE)
        z = ops.log(x) - ops.log(1.0 - x)
        volume = -ops.sum(ops.log(x) + ops.log(1.0 - x), axis=-1)
        for number in range(self.num_layers):
            stretch, shift = self._coupling(number, z)
            z = z * ops.exp(stretch) + shift
            volume = volume + ops.sum(stretch, axis=-1)
        z = z / _SPREAD
        normal = -0.5 * ops.sum(ops.square(z) + np.log(2.0 * np.pi * _SPREAD**2), axis=-1)
        return ops.expand_dims(normal + volume, -1)

    def draw(self, num_points, rng):
        """`num_points` random points, NumPy, from a random generator of NumPy."""
        z = ops.convert_to_tensor(
            _SPREAD * rng.normal(size=(num_points, self.dimensions)), self.compute_dtype
        )
        for number in reversed(range(self.num_layers)):
            stretch, shift = self._coupling(number, z)
            z = (z - shift) * ops.exp(-stretch)
        return ops.convert_to_numpy(ops.sigmoid(z))

    def _network(self, seed):
        hidden = [
            keras.layers.Dense(
                self.width, "tanh", kernel_initializer=keras.initializers.GlorotUniform(seed + i)
            )
            for i in range(2)
        ]
        last = keras.layers.Dense(2 * self.dimensions, kernel_initializer="zeros")
        return keras.Sequential([keras.Input((self.dimensions,)), *hidden, last])

    def _coupling(self, number, z):
        """Stretch and shift: zero for the coordinates that they are functions of."""
        kept = ops.cast(self._kept(number), z.dtype)
        stretch, shift = ops.split(self.networks[number](z * kept), 2, axis=-1)
        return _STRETCH * ops.tanh(stretch) * (1.0 - kept), shift * (1.0 - kept)

    def _kept(self, number):
        return (np.arange(self.dimensions) + number) % 2

    def get_config(self):
        names = ("dimensions", "num_layers", "width", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
