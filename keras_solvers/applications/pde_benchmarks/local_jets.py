"""Values and derivatives of local random features at many points, only where they are not zero.

A *jet* holds a function of the plane and its derivatives: value, x, y, xx, xy, yy.
"""

import dataclasses

import numpy as np
from keras import ops

from keras_solvers.applications.pde_benchmarks.local_features import windowed
from keras_solvers.numerics.derivatives import directional_derivative

_ORDERS = ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2))


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

    def one(column, order):
        def derivative(x):
            return function(x)[:, column]

        for direction, number in zip(((1.0, 0.0), (0.0, 1.0)), order, strict=True):
            for _ in range(number):
                derivative = directional_derivative(derivative, direction)
        return ops.convert_to_numpy(derivative(x))

    x = ops.convert_to_tensor(points)
    columns = range(function(x).shape[1])
    return np.stack([np.stack([one(i, o) for i in columns], axis=1) for o in _ORDERS])


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
        offset = np.abs(self.points[:, None] - self._centers)
        self._inside = np.all(offset < self._sizes[:, None], axis=2)
        self.mixing = [self._mixing(i, self.points[rows]) for i, rows in enumerate(self._inside.T)]
        self.start = np.cumsum([0, *(m.shape[1] for m in self.mixing)])
        self.size = int(self.start[-1])

    def _mixing(self, window, points):
        values = self._features(window, points)[0] / np.sqrt(max(len(points), 1))
        _, sizes, vectors = np.linalg.svd(values, full_matrices=False)
        number = min(np.sum(sizes > self.tolerance * sizes.max(initial=0.0)), len(points) // 2)
        return vectors[:number].T / sizes[:number]

    def _features(self, window, points):
        size = self._sizes[window]
        local = (points - self._centers[window]) / size
        drawn = self._slopes[window], self._shifts[window]
        return np.stack(
            [windowed(np, local, *drawn, order) / size ** sum(order) for order in _ORDERS]
        )

    def patches(self):
        """`(rows, windows)` of the points that lie in the same windows."""
        _, group = np.unique(np.packbits(self._inside, axis=1), axis=0, return_inverse=True)
        order = np.argsort(group, kind="stable")
        for rows in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
            yield rows, np.flatnonzero(self._inside[rows[0]])

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
