"""Values and derivatives of local random features at many points, only where they are not zero.

A *jet* holds a function of the plane and its derivatives: value, x, y, xx, xy, yy.
"""

import dataclasses

import numpy as np
from keras import ops
from numpy.polynomial import Polynomial

from keras_solvers.derivatives import directional_derivative
from keras_solvers.layers.local_features import WINDOW

_WINDOW = [Polynomial(WINDOW).deriv(order) if order else Polynomial(WINDOW) for order in range(3)]


def product(a, b):
    """The jet of a product, by Leibniz's rule."""
    return np.stack(
        [
            a[0] * b[0],
            a[1] * b[0] + a[0] * b[1],
            a[2] * b[0] + a[0] * b[2],
            a[3] * b[0] + 2.0 * a[1] * b[1] + a[0] * b[3],
            a[4] * b[0] + a[1] * b[2] + a[2] * b[1] + a[0] * b[4],
            a[5] * b[0] + 2.0 * a[2] * b[2] + a[0] * b[5],
        ]
    )


def square_root(a):
    """The jet of the square root of a positive function."""
    root = np.sqrt(a[0])
    x, y = a[1] / (2.0 * root), a[2] / (2.0 * root)
    second = [
        (value - 2.0 * product) / (2.0 * root)
        for value, product in zip(a[3:], (x * x, x * y, y * y), strict=True)
    ]
    return np.stack([root, x, y, *second])


def jets(function, points):
    """`(6, num_points, columns)` of a Keras function of points with several columns."""

    def one(column):
        def value(x):
            return function(x)[:, column]

        along_x, along_y = (directional_derivative(value, d) for d in ((1.0, 0.0), (0.0, 1.0)))
        second = (
            directional_derivative(first, d)
            for first, d in ((along_x, (1.0, 0.0)), (along_x, (0.0, 1.0)), (along_y, (0.0, 1.0)))
        )
        return [ops.convert_to_numpy(f(x)) for f in (value, along_x, along_y, *second)]

    x = ops.convert_to_tensor(points)
    return np.moveaxis([one(column) for column in range(function(x).shape[1])], 0, 2)


@dataclasses.dataclass
class LocalBasis:
    """The functions of a `LocalRandomFeatures` that points can tell apart.

    In each window the features are nearly dependent. Their singular vectors on the points are used
    instead, those of singular values above a share of the largest.

    Args:
        layer: The built layer.
        points: `(num_points, 2)`.
        tolerance: That share.
    """

    layer: object
    points: np.ndarray
    tolerance: float

    def __post_init__(self):
        self._slopes = ops.convert_to_numpy(self.layer.slopes)
        self._shifts = ops.convert_to_numpy(self.layer.shifts)
        self._centers, self._sizes = np.array(self.layer.centers), np.array(self.layer.sizes)
        inside = self._inside()
        self.mixing = [self._mixing(i, self.points[inside[:, i]]) for i in range(inside.shape[1])]
        self.start = np.cumsum([0, *(m.shape[1] for m in self.mixing)])
        self.size = int(self.start[-1])

    def _inside(self):
        offset = np.abs(self.points[:, None] - self._centers)
        return np.all(offset < self._sizes[:, None], axis=2)

    def _mixing(self, window, points):
        values = self._features(window, points)[0] / np.sqrt(max(len(points), 1))
        _, sizes, vectors = np.linalg.svd(values, full_matrices=False)
        number = min(np.sum(sizes > self.tolerance * sizes.max(initial=0.0)), len(points) // 2)
        return vectors[:number].T / sizes[:number]

    def _features(self, window, points):
        size, slopes = self._sizes[window], self._slopes[window]
        r = (points - self._centers[window]) / size
        sign, t = -np.sign(r), np.clip(1.0 - np.abs(r), 0.0, 1.0)
        (x, dx, ddx), (y, dy, ddy) = (
            (_WINDOW[0](t[:, d]), _WINDOW[1](t[:, d]) * sign[:, d], _WINDOW[2](t[:, d]))
            for d in range(2)
        )
        envelope = np.stack([x * y, dx * y, x * dy, ddx * y, dx * dy, x * ddy])
        value = np.tanh(r @ slopes.T + self._shifts[window])
        first = 1.0 - value**2
        second, (a, b) = -2.0 * value * first, slopes.T
        wave = [value, first * a, first * b, second * a * a, second * a * b, second * b * b]
        order = np.array([0, 1, 1, 2, 2, 2])[:, None, None]
        return product(envelope[:, :, None], np.stack(wave)) / size**order

    def patches(self):
        """`(rows, windows)` of the points that lie in the same windows."""
        inside = self._inside()
        _, group = np.unique(np.packbits(inside, axis=1), axis=0, return_inverse=True)
        order = np.argsort(group, kind="stable")
        for rows in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
            yield rows, np.flatnonzero(inside[rows[0]])

    def columns(self, windows):
        """Numbers of the functions in some windows."""
        return np.concatenate([np.arange(self.start[i], self.start[i + 1]) for i in windows])

    def jets(self, rows, windows):
        """`(6, rows, columns)` of the functions in some windows at some of the points."""
        points = self.points[rows]
        return np.concatenate([self._features(i, points) @ self.mixing[i] for i in windows], axis=2)

    def kernel(self, weights):
        """`(windows, num_features, 1)`: the layer's kernel from weights of the functions."""
        parts = np.split(weights, self.start[1:-1])
        return np.stack([m @ part for m, part in zip(self.mixing, parts, strict=True)])[..., None]
