"""Equations as functions of points."""

from keras import ops

from keras_solvers.pinn.fields.complex_field import real_parts
from keras_solvers.pinn.fields.consistency import check_arguments
from keras_solvers.pinn.fields.coordinates import Coordinates
from keras_solvers.pinn.fields.field import Evaluation, Field


def residual_function(name, function, columns, coordinates, fields, coefficients):
    """What an equation leaves at points: `rows` to `(num_points, parts)`.

    Args:
        name: Of the equation, for messages.
        function: The equation, a function of the place, the fields and coefficients by name.
        columns: Number of columns of its rows. One more is a weight for each point, whose root
            multiplies what is left there.
        coordinates: Names of the coordinates.
        fields: The unknown fields.
        coefficients: `{name: field}`.

    Raises:
        TypeError: If the equation does not take the fields, or returns something else than fields.
    """
    check_arguments(function, f"The {name}", fields, coefficients)
    parts = function(Coordinates(coordinates), *fields, **coefficients)
    parts = real_parts(parts if isinstance(parts, (tuple, list)) else (parts,))
    wrong = [part for part in parts if not isinstance(part, Field)]
    if wrong or not parts:
        raise TypeError(
            "An equation returns the field that must vanish, or a tuple of fields, made with "
            "arithmetic, functions of NumPy and derivatives such as `u.xx`. Received: "
            f"{wrong[0] if wrong else parts!r}"
        )

    def residual(rows):
        left = values(parts, rows)
        return left if rows.shape[1] == columns else left * ops.sqrt(rows[:, columns:])

    return residual


def values(fields, points):
    """`(num_points, num_fields)`."""
    at = Evaluation(points)
    return ops.stack([field.value(at) for field in fields], axis=-1)
