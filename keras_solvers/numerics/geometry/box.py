"""Intervals, rectangles and boxes of any dimension."""

import functools

import numpy as np

from keras_solvers.numerics.geometry.geometry import Geometry, smooth_minimum


class Box(Geometry):
    """A product of intervals, `Box(x=(-1, 1), t=(0, 1))`; with one of them an interval.

    Args:
        intervals: `{coordinate: (lower end, upper end)}`.

    Raises:
        ValueError: If a name has more than one letter, or an interval is empty.
    """

    def __init__(self, **intervals):
        if not intervals:
            raise ValueError("A box needs at least one interval, such as `Box(x=(0.0, 1.0))`.")
        for name, (low, high) in intervals.items():
            if len(name) != 1:
                raise ValueError(
                    "Coordinates are named by one letter, so that `u.xt` can be read. "
                    f"Received: {name!r}"
                )
            if not low < high:
                raise ValueError(
                    f"An interval goes from a lower to an upper end. Received: {name}={low, high}"
                )
        self.coordinates = "".join(intervals)
        self.bounds = np.array(list(intervals.values()), float)

    @property
    def boundary_size(self):
        return float(np.sum(2.0 * self._areas()))

    def _areas(self):
        lengths = self.bounds[:, 1] - self.bounds[:, 0]
        return np.prod(lengths) / lengths

    def distance(self, points):
        low, high = self.bounds.T
        outside = np.maximum(np.maximum(low - points, points - high), 0.0)
        inside = np.min(np.minimum(points - low, high - points), axis=1)
        return np.where(inside > 0.0, inside, -np.sqrt(np.sum(outside**2, axis=1)))

    def approximate_distance(self, x):
        places = [getattr(x, name) for name in self.coordinates]
        parts = [
            (place - low) * (high - place) / (high - low)
            for place, (low, high) in zip(places, self.bounds.tolist(), strict=True)
        ]
        return functools.reduce(smooth_minimum, parts)

    def propose_boundary(self, num_points, rng):
        low, high = self.bounds.T
        points = low + (high - low) * rng.random((num_points, len(low)))
        areas = self._areas()
        # Systematic, face by face: each has its share, and both ends of an interval are there.
        rows = np.arange(num_points)
        place = (rows + rng.random()) / num_points * 2.0 * len(low)
        shares = np.repeat(areas / areas.sum(), 2) * len(low)
        face = np.searchsorted(np.cumsum(shares), place).clip(max=2 * len(low) - 1)
        axis, end = face // 2, face % 2
        points[rows, axis] = self.bounds[axis, end]
        normals = np.zeros_like(points)
        normals[rows, axis] = 2.0 * end - 1.0
        return points, normals
