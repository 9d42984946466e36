import numpy as np
import pytest
from keras import ops

from keras_solvers.pinn import Coordinates

pytestmark = pytest.mark.jax

X = Coordinates("xt")
ROWS = np.random.default_rng(0).uniform(0.2, 1.0, (9, 2)).astype("float32")
x, t = ROWS.T


def at_rows(field):
    return ops.convert_to_numpy(field(ops.convert_to_tensor(ROWS)))


def test_arithmetic_is_that_of_numpy():
    for made, expected in [
        (2.0 * X.x - X.t / 3.0 + 1.0, 2.0 * x - t / 3.0 + 1.0),
        (-(X.x**2) * X.t, -(x**2) * t),
        (1.0 / X.x, 1.0 / x),
        (np.sin(X.x) * np.exp(-X.t), np.sin(x) * np.exp(-t)),
        (np.arctan(X.x) + np.log1p(X.t), np.arctan(x) + np.log1p(t)),
        (np.sqrt(abs(X.x - 2.0)), np.sqrt(abs(x - 2.0))),
        (np.float64(2.0) * X.x, 2.0 * x),
    ]:
        np.testing.assert_allclose(at_rows(made), expected, rtol=1e-5)


def test_derivatives_are_fields_too():
    u = np.sin(2.0 * X.x) * np.exp(X.t)
    value, derivative = np.sin(2.0 * x) * np.exp(t), 2.0 * np.cos(2.0 * x) * np.exp(t)
    np.testing.assert_allclose(at_rows(u.x), derivative, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(at_rows(u.xxt), -4.0 * value, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(at_rows((u**2 / 2.0).x), value * derivative, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(at_rows(X.t.x), 0.0)


def test_shifted():
    u = X.x**2 * X.t
    np.testing.assert_allclose(at_rows(u.shifted(x=2.0)), (x + 2.0) ** 2 * t, rtol=1e-5)
    with pytest.raises(ValueError, match="along x, t"):
        u.shifted(y=1.0)


def test_normals_and_values_are_further_columns():
    rows = np.array([[1.0, 2.0, 0.6, 0.8]], "float32")
    normal = [float(ops.convert_to_numpy(n(rows))[0]) for n in X.normal]
    np.testing.assert_allclose(normal, [0.6, 0.8])
    assert float(ops.convert_to_numpy(X.values(rows))[0]) == pytest.approx(0.6)


def test_mistakes_are_named():
    with pytest.raises(AttributeError, match="Received: y"):
        _ = X.x.y
    with pytest.raises(AttributeError, match="coordinates are x, t"):
        _ = X.y
    with pytest.raises(TypeError, match="an array has no value"):
        X.x * np.ones(9)
    with pytest.raises(TypeError, match=r"`np.floor` is not known for fields. Known are"):
        np.floor(X.x)
