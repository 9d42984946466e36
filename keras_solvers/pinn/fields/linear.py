"""Fields that are linear in others: of which each derivative is made like the value."""

from keras import ops

from keras_solvers.pinn.fields.field import Field


class Linear(Field):
    """A linear function of a field, and an offset.

    Args:
        before: The field.
        linear: Of its values, and of its derivatives as well.
        offset: Adds what only values have; nothing if `None`.
    """

    def __init__(self, before, linear, offset=None):
        super().__init__(before.coordinates)
        self.before, self.linear, self.offset = before, linear, offset

    def differentiate(self, at, order):
        value = self._linear(self.before.partial(at, order))
        return value if any(order) or self.offset is None else self.offset(value)

    def operate(self, at, operator):
        return self._linear(self.before.operated(at, operator))

    def _linear(self, value):
        return value if isinstance(value, float) else self.linear(value)


class Joined(Field):
    """Columns of several fields side by side.

    Args:
        widths: Number of columns of each.
        parts: The fields.
    """

    def __init__(self, widths, parts):
        super().__init__(parts[0].coordinates)
        self.widths, self.parts = widths, parts

    def differentiate(self, at, order):
        return self._joined(at, [part.partial(at, order) for part in self.parts])

    def operate(self, at, operator):
        return self._joined(at, [part.operated(at, operator) for part in self.parts])

    def _joined(self, at, values):
        rows, dtype = ops.shape(at.points)[0], at.points.dtype
        full = [
            ops.broadcast_to(ops.cast(value, dtype), (rows, width))
            for value, width in zip(values, self.widths, strict=True)
        ]
        return ops.concatenate(full, axis=-1)


def scaled(factor, before):
    """A field times a weight, or an array."""
    return Linear(before, lambda value: value * factor)


def times(matrix, before, offset=None):
    """The rows of a field times a matrix, and an offset if there is one."""
    return Linear(
        before,
        lambda value: ops.matmul(value, ops.cast(matrix, value.dtype)),
        offset if offset is None else lambda value: value + ops.cast(offset, value.dtype),
    )


def column(before, number):
    """A column of a field of several, `(num_points, 1)`."""
    return Linear(before, lambda value: value[:, number : number + 1])
