import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.derivatives import (
    directional_derivative,
    evaluated,
    linearized,
    supports_float64,
)

pytestmark = pytest.mark.jax

POINTS = np.random.default_rng(0).uniform(-1.0, 1.0, (7, 2)).astype("float32")


def wave(points):
    return ops.sin(2.0 * points[:, 0]) * ops.exp(points[:, 1])


def test_derivatives_of_any_order_are_those_of_the_closed_form():
    x, y = POINTS.T
    along = [1.0, 0.0]
    first = directional_derivative(wave, along)
    third = directional_derivative(directional_derivative(first, along), [0.0, 1.0])
    points = ops.convert_to_tensor(POINTS)
    np.testing.assert_allclose(first(points), 2.0 * np.cos(2.0 * x) * np.exp(y), rtol=1e-4)
    expected = -4.0 * np.sin(2.0 * x) * np.exp(y)
    np.testing.assert_allclose(third(points), expected, rtol=1e-4, atol=1e-5)


def test_direction_may_be_oblique():
    points = ops.convert_to_tensor(POINTS)
    oblique = directional_derivative(wave, [3.0, -2.0])(points)
    parts = [directional_derivative(wave, d)(points) for d in ([1.0, 0.0], [0.0, 1.0])]
    np.testing.assert_allclose(oblique, 3.0 * parts[0] - 2.0 * parts[1], rtol=1e-4, atol=1e-5)


def test_a_constant_has_no_slope():
    constant = directional_derivative(lambda points: ops.ones_like(points[:, 0]), [1.0, 0.0])
    np.testing.assert_array_equal(constant(ops.convert_to_tensor(POINTS)), 0.0)


def test_jacobian_in_the_weights_is_that_of_differences():
    """Of an equation that holds second derivatives of the network."""
    keras.utils.set_random_seed(0)
    dtype, h, tolerance = ("float64", 1e-6, 1e-6) if supports_float64() else ("float32", 0.01, 0.02)
    network = coordinate_mlp(2, width=5, depth=2, dtype=dtype)

    def field(points):
        return network(points)[:, 0]

    def equations(points):
        slope = directional_derivative(field, [1.0, 0.0])
        curvature = directional_derivative(slope, [1.0, 0.0])
        return ops.stack([field(points) * slope(points), curvature(points)], axis=-1)

    variables, points = network.trainable_variables, ops.convert_to_tensor(POINTS, dtype)
    values, jacobian = linearized(equations, variables)(points)
    compiled = evaluated(equations, variables)
    np.testing.assert_allclose(values, compiled(points), rtol=1e-5, atol=1e-6)
    assert jacobian.shape == (7, 2, network.count_params())
    kernel, column = variables[2], 2 * 5 + 5 + 5 * 1 + 3  # row 1, column 3 of the second kernel
    start, step = ops.convert_to_numpy(kernel), np.zeros((5, 5))
    step[1, 3] = h
    ends = []
    for sign in (1.0, -1.0):
        kernel.assign(start + sign * step)
        ends.append(ops.convert_to_numpy(compiled(points)))
    difference = (ends[0] - ends[1]) / (2.0 * h)
    np.testing.assert_allclose(
        np.asarray(jacobian)[..., column], difference, rtol=tolerance, atol=0.1 * tolerance
    )
