"""Fields that are linear in others: their derivatives follow the rule of their values."""

from keras import ops

from keras_solvers.pinn.fields.field import Field


class Linear(Field):
    """A linear function of a field, and an offset.

    Args:
        field: The field.
        linear: The linear function, of values and of derivatives alike.
        offset: Adds the constant part to values; nothing if `None`.
    """

    def __init__(self, field, linear, offset=None):
        super().__init__(field.coordinates)
        self.field, self.linear, self.offset = field, linear, offset

    def differentiate(self, at, order):
        value = self._linear(self.field.partial(at, order))
        return value if any(order) or self.offset is None else self.offset(value)

    def operate(self, at, operator):
        return self._linear(self.field.operated(at, operator))

    def _linear(self, value):
        return value if isinstance(value, float) else self.linear(value)


class Concatenated(Field):
    """Columns of several fields in one.

    Args:
        widths: Number of columns of each.
        parts: The fields.
    """

    def __init__(self, widths, parts):
        super().__init__(parts[0].coordinates)
        self.widths, self.parts = widths, parts

    def differentiate(self, at, order):
        return self._concatenated(at, [part.partial(at, order) for part in self.parts])

    def operate(self, at, operator):
        return self._concatenated(at, [part.operated(at, operator) for part in self.parts])

    def _concatenated(self, at, values):
        rows, dtype = ops.shape(at.points)[0], at.points.dtype
        full = [
            ops.broadcast_to(ops.cast(value, dtype), (rows, width))
            for value, width in zip(values, self.widths, strict=True)
        ]
        return ops.concatenate(full, axis=-1)


def scaled(factor, field):
    """A field times a weight, or an array."""
    return Linear(field, lambda value: value * factor)


def matrix_product(matrix, field, offset=None):
    """The rows of a field times a matrix, and an offset if there is one."""
    return Linear(
        field,
        lambda value: ops.matmul(value, ops.cast(matrix, value.dtype)),
        offset if offset is None else lambda value: value + ops.cast(offset, value.dtype),
    )


def column(field, number):
    """A column of a field of several, `(num_points, 1)`."""
    return Linear(field, lambda value: value[:, number : number + 1])
