"""Equations as functions of points."""

from keras import ops

from keras_solvers.pinn.fields.complex_field import real_parts
from keras_solvers.pinn.fields.consistency import check_arguments
from keras_solvers.pinn.fields.coordinates import Coordinates
from keras_solvers.pinn.fields.evaluation import Evaluation
from keras_solvers.pinn.fields.field import Field


def residual_functions(problem, fields, coefficients):
    """The residuals of a `PDE` and its conditions, `{equation: function}`.

    Each function maps rows of points to `(num_points, num_parts)`. Rows with one column more than
    `PDE.num_columns` end with a weight for each point, whose root multiplies the residual there.

    Args:
        problem: The `PDE`.
        fields: The unknown fields.
        coefficients: Fields of the unknown coefficients, `{name: field}`.

    Raises:
        TypeError: If an equation does not take the fields, or returns something else than fields.
    """
    x = Coordinates(problem.geometry.coordinates)
    equations = {"residual": (problem.residual, coefficients)}
    equations |= {name: (c.equation, {}) for name, c in problem.named_conditions().items()}
    functions = {}
    for name, (equation, given) in equations.items():
        check_arguments(equation, f"The {name}", fields, given)
        parts = _parts(equation(x, *fields, **given))
        functions[name] = _function_of_rows(parts, problem.num_columns(name))
    return functions


def values(fields, points):
    """`(num_points, num_fields)`."""
    at = Evaluation(points)
    return ops.stack([field.value(at) for field in fields], axis=-1)


def _parts(result):
    """The real fields that an equation returned."""
    parts = real_parts(result if isinstance(result, (tuple, list)) else (result,))
    wrong = [part for part in parts if not isinstance(part, Field)]
    if wrong or not parts:
        raise TypeError(
            "An equation returns the field that must vanish, or a tuple of fields, made with "
            "arithmetic, functions of NumPy and derivatives such as `u.xx`. Received: "
            f"{wrong[0] if wrong else parts!r}"
        )
    return parts


def _function_of_rows(parts, num_columns):
    def residual(rows):
        unweighted = values(parts, rows)
        if rows.shape[1] == num_columns:
            return unweighted
        return unweighted * ops.sqrt(rows[:, num_columns:])

    return residual
