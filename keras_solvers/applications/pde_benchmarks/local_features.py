"""Random features in overlapping windows."""

import functools
import itertools
import math

import keras
import numpy as np
from keras import ops
from numpy.polynomial import Polynomial

from keras_solvers.pinn import Field

# S(t) + S(1 - t) = 1, three derivatives vanish at both ends.
_WINDOW = Polynomial((0.0, 0.0, 0.0, 0.0, 35.0, -84.0, 70.0, -20.0))


@keras.saving.register_keras_serializable(package="keras_solvers.pde_benchmarks")
class LocalRandomFeatures(keras.layers.Layer):
    """A linear combination of random features, each of which lives in a window.

    `y_u(x) = sum_i w((x - c_i) / s_i) sum_k a_iku tanh(v_ik . (x - c_i) / s_i + b_ik)`,
    `w(r) = prod_d S(1 - |r_d|)`, `S(t) = t^4 (35 - 84 t + 70 t^2 - 20 t^3)` in [0, 1]. Windows of
    size `s` on a lattice of side `s` sum to one. `v` and `b` are drawn once; only `a` is trained,
    so that the best answer to a linear equation is that of a linear system.

    Args:
        centers: `(windows, inputs)`, centres `c` of the windows.
        sizes: Half widths `s` of the windows.
        num_features: Features of each window.
        units: Number of outputs.
        scale: `v` and `b` are uniform between `-scale` and `scale`.
        seed: Seed of `v` and `b`; drawn if `None`.

    Shapes:
        `(batch, inputs)` to `(batch, units)`; windows far from a point are not computed.

    Reference: Chen, Chi, E and Yang, Bridging traditional and machine learning-based algorithms for
    solving PDEs: the random feature method, 2022, section 2.
    """

    def __init__(self, centers, sizes, num_features=50, units=1, scale=1.5, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.centers = np.asarray(centers, dtype=float).tolist()
        self.sizes = np.asarray(sizes, dtype=float).tolist()
        if np.shape(self.centers)[:1] != np.shape(self.sizes) or not np.all(np.array(sizes) > 0.0):
            raise ValueError(
                "Each window has a centre and a positive size. Received: "
                f"{np.shape(self.centers)} for `centers`, sizes={sizes}"
            )
        self.num_features, self.units, self.scale, self.seed = num_features, units, scale, seed

    def build(self, input_shape):
        windows, inputs = np.shape(self.centers)
        if input_shape[-1] != inputs:
            raise ValueError(
                f"Windows have centres of {inputs} coordinates. "
                f"Received: input_shape={tuple(input_shape)}"
            )
        self._most = _most_at_a_point(np.array(self.centers), np.array(self.sizes))
        # One stream for both: the same integer seed twice would draw the same numbers twice.
        draws = keras.random.SeedGenerator(self.seed)
        uniform = keras.initializers.RandomUniform(-self.scale, self.scale, draws)
        shape = (windows, self.num_features, inputs)
        self.slopes = self.add_weight(shape, uniform, trainable=False, name="slopes")
        self.shifts = self.add_weight(shape[:2], uniform, trainable=False, name="shifts")
        shape = (windows, self.num_features, self.units)
        self.kernel = self.add_weight(shape, "zeros", name="kernel")

    def call(self, x):
        return self.derivative(x, (0,) * x.shape[-1])

    def derivative(self, x, order):
        """A partial derivative of the outputs, `(batch, units)`.

        Args:
            x: Inputs, `(batch, inputs)`.
            order: How often in each input, a tuple.
        """
        centers, sizes = (ops.convert_to_tensor(v, x.dtype) for v in (self.centers, self.sizes))
        distance = ops.max(ops.abs(ops.expand_dims(x, 1) - centers), axis=-1) / sizes
        # Only windows around a point are worth computing; the others are zero there.
        _, near = ops.top_k(-distance, self._most)
        size = ops.expand_dims(ops.take(sizes, near), -1)
        local = (ops.expand_dims(x, 1) - ops.take(centers, near, axis=0)) / size
        slopes, shifts, kernel = (
            ops.take(weights, near, axis=0) for weights in (self.slopes, self.shifts, self.kernel)
        )
        features = windowed(ops, local, slopes, shifts, order) / size ** sum(order)
        # No `einsum`: LiteRT does not take it with a batch of any size.
        return ops.sum(ops.expand_dims(features, -1) * kernel, axis=(1, 2))

    needs_coordinates = True  # its rule knows no derivatives of what enters it

    def field_rule(self, before):
        """The layer of the coordinates, with its derivatives."""
        return _Features(self, before.coordinates)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        names = ("centers", "sizes", "num_features", "units", "scale", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


class _Features(Field):
    """What a `LocalRandomFeatures` makes of the coordinates."""

    def __init__(self, layer, coordinates):
        super().__init__(coordinates)
        self.layer = layer

    def differentiate(self, at, order):
        return self.layer.derivative(at.points[:, : len(order)], order)


def windowed(xp, local, slopes, shifts, order):
    """Features in their window, or a partial derivative of them in its own coordinates.

    Args:
        xp: The module that computes: `keras.ops`, or NumPy, which calls small functions faster.
        local: `(..., inputs)`, places in the window, from -1 to 1 in each coordinate.
        slopes: `(..., features, inputs)`.
        shifts: `(..., features)`.
        order: How often in each coordinate, a tuple.

    Returns:
        `(..., features)`, by Leibniz's rule.
    """
    phase = shifts
    for i in range(len(order)):
        phase = phase + local[..., i : i + 1] * slopes[..., i]
    value = xp.tanh(phase)
    sign, t = -xp.sign(local), xp.clip(1.0 - xp.abs(local), 0.0, 1.0)
    total = 0.0
    for part in itertools.product(*(range(number + 1) for number in order)):
        term = _horner(_tanh_slope(sum(part)), value)
        window = 1.0
        for i, (number, whole) in enumerate(zip(part, order, strict=True)):
            term = math.comb(whole, number) * term * slopes[..., i] ** number
            rest = whole - number
            window = window * _horner(_WINDOW.deriv(rest), t[..., i]) * sign[..., i] ** rest
        total = total + term * xp.expand_dims(window, -1)
    return total


@functools.cache
def _tanh_slope(order):
    """The derivative of `tanh` of some order, a polynomial of its value."""
    if order == 0:
        return Polynomial((0.0, 1.0))
    return _tanh_slope(order - 1).deriv() * Polynomial((1.0, 0.0, -1.0))


def _horner(polynomial, x):
    return functools.reduce(lambda y, c: y * x + c, polynomial.coef[::-1].tolist(), 0.0)


def _most_at_a_point(centers, sizes):
    """How many windows a point can be inside of."""
    low, high = (centers + sign * sizes[:, None] for sign in (-1.0, 1.0))
    # The count rises only where windows begin, and is greatest just behind one in each coordinate.
    begins = [np.unique(column) for column in low.T]
    return max(
        int(np.sum(np.all((low <= corner) & (corner < high), axis=1)))
        for corner in itertools.product(*begins)
    )
