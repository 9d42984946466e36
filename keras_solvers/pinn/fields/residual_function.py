"""Equations as functions of points."""

from keras import ops

from keras_solvers.pinn.fields.complex_field import real_parts
from keras_solvers.pinn.fields.consistency import check_arguments
from keras_solvers.pinn.fields.coordinates import Coordinates
from keras_solvers.pinn.fields.evaluation import Evaluation
from keras_solvers.pinn.fields.field import Field


def residual_function(name, function, columns, coordinates, fields, coefficients):
    """The residual of an equation as a function of points, from rows to `(num_points, num_parts)`.

    Args:
        name: Of the equation, for messages.
        function: The equation, a function of the coordinates, the fields, and coefficients by name.
        columns: Number of columns of its rows. One more is a weight for each point, whose root
            multiplies the residual there.
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
        unweighted = values(parts, rows)
        if rows.shape[1] == columns:
            return unweighted
        return unweighted * ops.sqrt(rows[:, columns:])

    return residual


def values(fields, points):
    """`(num_points, num_fields)`."""
    at = Evaluation(points)
    return ops.stack([field.value(at) for field in fields], axis=-1)
