"""The columns of points as fields: coordinates, normals, data; and unknown coefficients."""

import dataclasses

from keras import ops

from keras_solvers.pinn.fields.field import Field


@dataclasses.dataclass(frozen=True)
class Coordinates:
    """The coordinates as fields, `x.x` and `x.t`, and what else the points of an equation carry.

    Args:
        coordinates: Names of the coordinates, one letter each.

    Attributes:
        normal: Fields of the outward normal, on a boundary.
        values: Field of the given values, where there are data.
    """

    coordinates: str

    def __getattr__(self, name):
        if len(name) != 1 or name not in self.coordinates:
            raise AttributeError(
                f"The coordinates are {', '.join(self.coordinates)}. Received: {name}"
            )
        return self.column(self.coordinates.index(name))

    @property
    def normal(self):
        first = len(self.coordinates)
        return tuple(self.column(first + i) for i in range(first))

    @property
    def values(self):
        return self.column(len(self.coordinates))

    def column(self, number):
        """A column of the points as a field."""
        return Column(number, self.coordinates)


class Column(Field):
    """A column of the points: a coordinate, or what else they carry."""

    def __init__(self, number, coordinates):
        super().__init__(coordinates)
        self.number = number

    def differentiate(self, at, order):
        if not any(order):
            return at.points[:, self.number]
        return 1.0 if sum(order) == 1 and order.index(1) == self.number else 0.0


class Coefficient(Field):
    """An unknown coefficient: a trained number, the same at all points."""

    def __init__(self, weight, coordinates):
        super().__init__(coordinates)
        self.weight = weight

    def differentiate(self, at, order):
        return 0.0 if any(order) else ops.convert_to_tensor(self.weight)
