"""What all shapes have in common, and how they are combined."""

import abc

import numpy as np

from keras_solvers.numerics.geometry.sampling import sample_inside, sample_on


class Geometry(abc.ABC):
    """A set of points, with a sampler, a boundary and outward normals.

    `a | b`, `a & b` and `a - b` are union, intersection and difference; `a * b` is the product, as
    of space and time.

    Attributes:
        coordinates: Names of the coordinates, one letter each, such as `"xyt"`.
        bounds: `(dimensions, 2)`, a box that holds all of it.
        size: Length, area or volume of the boundary, by which boundaries share their points.
    """

    coordinates: str
    bounds: np.ndarray

    @property
    @abc.abstractmethod
    def boundary_size(self):
        """Length, area or volume of the boundary."""

    @property
    def size(self):
        """Volume of the bounds, in whose proportion the sides of a product share their points."""
        return float(np.prod(self.bounds[:, 1] - self.bounds[:, 0]))

    @abc.abstractmethod
    def distance(self, points):
        """How deep inside points lie, `(num_points,)`: negative outside, zero on the boundary.

        The distance to the boundary; for combined shapes a bound of it with the right sign.
        """

    @abc.abstractmethod
    def propose_boundary(self, num_points, rng):
        """About `num_points` random points, evenly over the boundary, and their outward normals."""

    def approximate_distance(self, x):
        """A smooth field that is zero on the boundary, positive inside, and rises by one there.

        For conditions that hold by construction, `shape.approximate_distance(x) * n` in an ansatz.
        Combined shapes join those of their parts by functions of Rvachev, which are smooth but at
        corners (Sukumar and Srivastava, Exact imposition of boundary conditions
        with distance functions in physics-informed deep neural networks, 2022, section 3).

        Args:
            x: Coordinates as fields, what an ansatz is given.

        Raises:
            NotImplementedError: For shapes without such a function.
        """
        raise NotImplementedError(
            f"A {type(self).__name__} has no smooth approximate distance. Use a combination of "
            "Box and Ball, or weighted conditions."
        )

    def contains(self, points):
        """Whether points lie inside, `(num_points,)`."""
        return self.distance(points) > 0.0

    def sample(self, num_points, seed=0, sequence="latin hypercube"):
        """Points inside, `(num_points, dimensions)`, spread evenly.

        Args:
            num_points: Number of points.
            seed: Seed.
            sequence: `"latin hypercube"`, `"sobol"`, `"halton"` or `"uniform"` (independent).

        Raises:
            ValueError: If the sequence is unknown, or the shape has no interior.
        """
        return sample_inside(self, num_points, seed, sequence)

    def sample_boundary(self, num_points, seed=0, where=None):
        """Points on the boundary and outward normals, each `(num_points, dimensions)`.

        Args:
            num_points: Number of points.
            seed: Seed.
            where: Function from points to booleans `(num_points,)`; all of the boundary if `None`.

        Raises:
            ValueError: If no part of the boundary is left.
        """
        return sample_on(self, num_points, seed, where)

    def __or__(self, other):
        return Combined("|", self, other)

    def __and__(self, other):
        return Combined("&", self, other)

    def __sub__(self, other):
        return Combined("-", self, other)

    def __mul__(self, other):
        return Product(self, other)


class Combined(Geometry):
    """Union, intersection or difference of two shapes with the same coordinates."""

    def __init__(self, operation, first, second):
        if first.coordinates != second.coordinates:
            raise ValueError(
                "Shapes are combined in the same coordinates; `*` joins different ones. Received: "
                f"{first.coordinates!r} and {second.coordinates!r}"
            )
        self.coordinates = first.coordinates
        self._operation, self._first, self._second = operation, first, second
        low = np.minimum if operation == "|" else np.maximum
        high = np.maximum if operation == "|" else np.minimum
        self.bounds = first.bounds
        if operation != "-":
            (a, b), (c, d) = first.bounds.T, second.bounds.T
            self.bounds = np.stack([low(a, c), high(b, d)], axis=1)

    @property
    def boundary_size(self):
        return self._first.boundary_size + self._second.boundary_size

    def distance(self, points):
        first, second = self._first.distance(points), self._second.distance(points)
        if self._operation == "|":
            return np.maximum(first, second)
        return np.minimum(first, second if self._operation == "&" else -second)

    def approximate_distance(self, x):
        a, b = self._first.approximate_distance(x), self._second.approximate_distance(x)
        if self._operation == "|":
            return -smooth_minimum(-a, -b)
        return smooth_minimum(a, b if self._operation == "&" else -b)

    def propose_boundary(self, num_points, rng):
        share = self._first.boundary_size / self.boundary_size
        a, normals_a = self._first.propose_boundary(round(share * num_points), rng)
        b, normals_b = self._second.propose_boundary(num_points - round(share * num_points), rng)
        if self._operation == "-":
            normals_b = -normals_b
        points, normals = np.concatenate([a, b]), np.concatenate([normals_a, normals_b])
        # Also right where the boundaries of both run together.
        step = 1e-9 * np.max(self.bounds[:, 1] - self.bounds[:, 0]) * normals
        kept = self.contains(points - step) & ~self.contains(points + step)
        return points[kept], normals[kept]


class Product(Geometry):
    """All pairs of a point of one shape and one of another, such as a place and a time."""

    def __init__(self, first, second):
        if set(first.coordinates) & set(second.coordinates):
            raise ValueError(
                "A product joins shapes with different coordinates. Received: "
                f"{first.coordinates!r} and {second.coordinates!r}"
            )
        self.coordinates = first.coordinates + second.coordinates
        self.bounds = np.concatenate([first.bounds, second.bounds])
        self._first, self._second = first, second

    @property
    def boundary_size(self):
        a, b = self._first, self._second
        return a.boundary_size * b.size + a.size * b.boundary_size

    def distance(self, points):
        first, second = self._split(points)
        return np.minimum(self._first.distance(first), self._second.distance(second))

    def approximate_distance(self, x):
        return smooth_minimum(
            self._first.approximate_distance(x), self._second.approximate_distance(x)
        )

    def propose_boundary(self, num_points, rng):
        a, b = self._first, self._second
        on_first = round(num_points * a.boundary_size * b.size / self.boundary_size)
        seeds = rng.integers(2**31, size=2)
        sides, normals = a.propose_boundary(on_first, rng)
        within = b.sample(len(sides), seeds[0], "uniform")
        ends, end_normals = b.propose_boundary(num_points - on_first, rng)
        base = a.sample(len(ends), seeds[1], "uniform")
        points = np.block([[sides, within], [base, ends]])
        normals = np.block([[normals, 0.0 * within], [0.0 * base, end_normals]])
        return points, normals

    def _split(self, points):
        return np.split(points, [len(self._first.coordinates)], axis=1)


def smooth_minimum(a, b):
    """Positive where `a` and `b` are: a smooth minimum."""
    return a + b - np.sqrt(a * a + b * b)
