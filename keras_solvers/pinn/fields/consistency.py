"""Checks that a network, an equation, its conditions and its points fit together."""

import inspect
import itertools

import numpy as np
from keras import ops

from keras_solvers.numerics.checks import check_finite
from keras_solvers.pinn.fields.coordinates import Coordinates
from keras_solvers.pinn.fields.field import Field

_NUM_BOUNDARY = 400  # points at which conditions are compared
_ROUNDING = 1e-5  # relative difference of equal values


def check_arguments(function, title, fields, coefficients=()):
    """Raises `TypeError` if a function cannot be called with `x`, fields and coefficients."""
    try:
        signature = inspect.signature(function)
    except ValueError:  # some functions in C have none
        return
    try:
        signature.bind(None, *fields, **dict.fromkeys(coefficients))
    except TypeError as error:
        names = "".join(f", {name}=" for name in coefficients)
        raise TypeError(
            f"{title} is called with x and {len(fields)} fields{names}. "
            f"Received: a function of {signature}"
        ) from error


def check_network(network, problem, num_fields):
    """Raises `ValueError` if the inputs and outputs of a network do not fit a `PDE`."""
    names, shape = problem.geometry.coordinates, network.input_shape
    if len(shape) != 2 or shape[-1] != len(names):
        raise ValueError(
            f"The network must take points (num_points, {len(names)}), the coordinates "
            f"{', '.join(names)}. Received: input shape {shape}"
        )
    if problem.complex_valued and network.output_shape[-1] % 2:
        raise ValueError(
            "A complex field is two outputs of the network, its real and imaginary part. "
            f"Received: {network.output_shape[-1]} outputs"
        )
    if num_fields != problem.num_fields:
        raise ValueError(
            f"The equation has {problem.num_fields} fields. Received: {num_fields} from the "
            "network or the ansatz"
        )


def check_coefficients(model):
    """Raises `ValueError` if an unknown coefficient of a `PINN` does not change the residual."""
    points = ops.convert_to_tensor(model.problem.geometry.sample(16), model.dtype)
    residual = model.equations["residual"]
    for name, weight in model.coefficients.items():
        before = ops.convert_to_numpy(residual(points))
        first = float(ops.convert_to_numpy(weight))
        weight.assign(1.5 * first + 1.0)
        after = ops.convert_to_numpy(residual(points))
        weight.assign(first)
        if np.array_equal(before, after):
            raise ValueError(
                f"The coefficient `{name}` has no effect on the residual, so its value cannot be "
                "determined. Use it in `residual`, or leave it out of `coefficients`."
            )


def check_conditions(problem):
    """Raises `ValueError` if two conditions give different values to a field at the same points.

    Values that jump where two parts of the boundary meet are no mistake: a sliding lid, a wall that
    is heated suddenly.
    """
    dirichlet = [(n, c) for n, c in problem.named_conditions().items() if c.prescribed_value]
    for (first, a), (second, b) in itertools.combinations(dirichlet, 2):
        shape = a.geometry or problem.geometry
        field = a.prescribed_value[0]
        if field != b.prescribed_value[0] or shape is not (b.geometry or problem.geometry):
            continue
        rows = np.concatenate(shape.sample_boundary(_NUM_BOUNDARY, 0), axis=1)
        for condition in (a, b):
            chosen = condition.chosen(shape)
            if chosen is not None:
                there = chosen(rows[:, : len(shape.coordinates)])
                rows = rows[np.broadcast_to(there, len(rows))]
        if not len(rows):
            continue
        one, other = (_prescribed(c, shape.coordinates, rows) for c in (a, b))
        worst = np.argmax(abs(one - other))
        if abs(one - other)[worst] > _ROUNDING * max(abs(one).max(), abs(other).max()):
            point = ", ".join(
                f"{name} = {value:.4g}"
                for name, value in zip(shape.coordinates, rows[worst], strict=False)
            )
            raise ValueError(
                f"`{first}` and `{second}` prescribe different values of field {field} "
                f"at the same points, at {point} for example: {one[worst]:.4g} and "
                f"{other[worst]:.4g}. Say by `where` on which part of the boundary each holds."
            )


def _prescribed(condition, coordinates, rows):
    """The value that a condition gives to its field, at points with normals; complex."""
    value = condition.prescribed_value[1]
    value = value(Coordinates(coordinates)) if callable(value) else value
    parts = [
        ops.convert_to_numpy(part(rows)) if isinstance(part, Field) else part
        for part in (np.real(value), np.imag(value))
    ]
    return np.broadcast_to(parts[0] + 1j * parts[1], len(rows))


def checked_points(model, points):
    """Rows of each equation of a `PINN`, as arrays of the dtype of its network.

    Raises:
        ValueError: If they are not finite, or of another problem.
    """
    if not isinstance(points, dict) or points.keys() != model.equations.keys():
        raise ValueError(
            "`points` has rows for each equation, as `PDE.sample` gives them: "
            f"{', '.join(model.equations)}. Received: {points!r:.200}"
        )
    check_finite(**points)
    return {name: np.asarray(rows, model.dtype) for name, rows in points.items()}
