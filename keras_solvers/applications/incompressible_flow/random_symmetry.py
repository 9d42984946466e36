"""Training on turned and mirrored inputs, by turning the network instead."""

import itertools

import keras
from keras import ops

from keras_solvers.numerics.staggered import full_sides


@keras.saving.register_keras_serializable(package="keras_solvers.incompressible_flow")
class RandomSymmetry(keras.Model):
    """In training the network `T^-1 N(T x)`, with a random symmetry `T` of the grid; else `N(x)`.

    For scalars in the cells of a grid, such as divergence and pressure. The objective of a problem
    does not change if input and answer are mirrored or turned together, so
    `objective(x, T^-1 N(T x)) = objective(T x, N(T x))`: what looks like another network is the
    network trained on mirrored and turned inputs, by any loss, and `fit` need not know:

        NeuralSolver(RandomSymmetry(network, problem.sides, seed=0), problem).fit(x)

    Each sample is mirrored along each axis whose two sides are alike, and each two axes of equal
    sides and length are exchanged, with probability one half. The trained weights are those of
    `network`.

    Args:
        network: Keras model from `(batch, *cells, ...)` to `(batch, *cells, ...)`.
        sides: Sides of the domain, as in `PressureProjection`.
        seed: Integer, or None for a random one.
    """

    def __init__(self, network, sides="closed", seed=None, **kwargs):
        super().__init__(**kwargs)
        self.network = network
        self.sides = sides
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        if not self.network.built:
            self.network.build(input_shape)
        self.built = True

    def call(self, x, training=False):
        if not training:
            return self.network(x, training=False)
        moves = generators(full_sides(self.sides, len(x.shape) - 2), x.shape[1:-1])
        chosen = [self._draw(ops.shape(x)[0]) for _ in moves]
        y = self.network(moved(x, moves, chosen), training=True)
        return moved(y, moves[::-1], chosen[::-1])  # each move is its own inverse

    def _draw(self, num_samples):
        return keras.random.uniform((num_samples,), seed=self.seed_generator) < 0.5

    def compute_output_shape(self, input_shape):
        return self.network.compute_output_shape(input_shape)

    def get_config(self):
        network = keras.saving.serialize_keras_object(self.network)
        config = {"network": network, "sides": self.sides, "seed": self.seed}
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config):
        network = keras.saving.deserialize_keras_object(config.pop("network"))
        return cls(network, **config)


def generators(sides, cells):
    """Orders of the axes of a batch, or numbers of axes to mirror: all symmetries, composed."""
    axes = range(len(cells))
    mirrors = [axis + 1 for axis in axes if sides[axis][0] == sides[axis][1]]
    exchanges = []
    for i, j in itertools.combinations(axes, 2):
        if sides[i] == sides[j] and cells[i] == cells[j]:
            order = list(range(len(cells) + 2))
            order[i + 1], order[j + 1] = j + 1, i + 1
            exchanges.append(order)
    return mirrors + exchanges


def moved(array, moves, chosen):
    """The samples of a batch, moved where `chosen`, a mask `(batch,)` for each move."""
    for move, mask in zip(moves, chosen, strict=True):
        new = ops.flip(array, move) if isinstance(move, int) else ops.transpose(array, move)
        mask = ops.reshape(mask, (-1,) + (1,) * (len(array.shape) - 1))
        array = ops.where(mask, new, array)
    return array
