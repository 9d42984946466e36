"""Where an equation is evaluated: coordinates, normals and data as fields."""

import dataclasses

from keras_solvers.pde.field import Column


@dataclasses.dataclass(frozen=True)
class Place:
    """The coordinates as fields, `place.x`, and what else the points of an equation carry.

    Args:
        coordinates: Names of the coordinates, one letter each.

    Attributes:
        normal: Fields of the outward normal, on a boundary.
        values: Fields of given values, where there are data.
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
