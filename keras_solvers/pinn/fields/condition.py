"""What a condition is: an equation that holds on a part of the boundary, or where data are."""

import dataclasses
import types
from collections.abc import Callable

import numpy as np

from keras_solvers.numerics.geometry.geometry import Geometry


@dataclasses.dataclass(frozen=True)
class Condition:
    """An equation on a part of the boundary, met in the least-squares sense.

    Args:
        equation: Function `(x, *fields)` that returns the field, or fields, that must vanish; `x`
            has the coordinates, `x.x`, and the outward normal, `x.normal`, as fields.
        where: Function from coordinates to booleans, such as `lambda x: x.t == 0.0`, with arrays
            `(num_points,)` as attributes; all of the boundary if `None`.
        weight: Factor of its mean square in the loss.
        given: Points, and what else the equation needs there, `(num_points, columns)`, instead of
            points on the boundary.
        geometry: A shape whose boundary is meant, instead of that of the problem.
        prescribed_value: `(field, value)` of a Dirichlet condition: the number of the field, and a
            number or a function of `x`.
        prescribed_normal_derivative: Of a Neumann condition: a number or a function of `x`.
    """

    equation: Callable
    where: Callable | None = None
    weight: float = 1.0
    given: np.ndarray | None = None
    geometry: Geometry | None = None
    prescribed_value: tuple | None = None
    prescribed_normal_derivative: object = None

    def sample(self, geometry, num_points, seed):
        """Rows of points for the equation, `(num_points, columns)`."""
        if self.given is not None:
            return self.given
        shape = self.geometry or geometry
        points, normals = shape.sample_boundary(num_points, seed, self.chosen(shape))
        return np.concatenate([points, normals], axis=1)

    def chosen(self, geometry):
        """`where` as a function of points `(num_points, dimensions)`; `None` if it is all."""
        if self.where is None:
            return None
        names = geometry.coordinates
        return lambda points: self.where(
            types.SimpleNamespace(**dict(zip(names, points.T, strict=True)))
        )
