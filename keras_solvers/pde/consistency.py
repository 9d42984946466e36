"""Checks that a network, an equation and points belong together."""

import numpy as np
from keras import ops

from keras_solvers.checks import check_finite


def check_network(network, problem, num_fields):
    """Raises `ValueError` if a network does not have the coordinates and fields of a `PDE`."""
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
    """Raises `ValueError` if an unknown coefficient of a `PINN` changes nothing."""
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
                f"The coefficient `{name}` has no effect on the residual, so nothing can tell its "
                "value. Use it in `residual`, or leave it out of `coefficients`."
            )


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
