import keras
import numpy as np
import pytest

from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.derivatives import supports_float64
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, PINN, Condition, data, dirichlet, equations

LINE = Box(x=(-1.0, 2.0))
SOURCE = equations.poisson(1.0)


def small(**kwargs):
    return coordinate_mlp(1, **{"width": 3, "depth": 1, **kwargs})


def test_network_is_saved_and_answers_alone(tmp_path):
    model = PINN(small(), PDE(LINE, SOURCE))
    model.network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    points = LINE.sample(9)
    np.testing.assert_array_equal(loaded(points), model(points))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: PINN(small(), "u.xx"), TypeError, "must be a `keras_solvers.pinn.PDE`"),
        (lambda: PINN(coordinate_mlp(2), PDE(LINE, SOURCE)), ValueError, "the coordinates x"),
        (lambda: PINN(small(num_outputs=2), PDE(LINE, SOURCE)), ValueError, "has 1 fields"),
        (lambda: PINN(small(), PDE(LINE, lambda x, u: 0.0)), TypeError, "Received: 0.0"),
        (lambda: PINN(small(), PDE(LINE, lambda x, u: u.y)), AttributeError, "Received: y"),
        (
            lambda: PINN(small(), PDE(LINE, lambda x, u: u, coefficients={"rate": 1.0})),
            TypeError,
            "residual is called with x and 1 fields, rate=",
        ),
        (
            lambda: PINN(small(), PDE(LINE, SOURCE, ansatz=lambda x, a, b: a + b)),
            TypeError,
            "ansatz is called with x and 1 fields.*of .x, a, b.",
        ),
        (
            lambda: PINN(small(), PDE(LINE, lambda x, u, rate: u, coefficients={"rate": 1.0})),
            ValueError,
            "`rate` has no effect",
        ),
        (lambda: data(np.ones((3, 1)), [1.0, np.nan, 2.0]), ValueError, "the first is 1"),
        (lambda: data(np.ones((3, 1)), np.ones((3, 1))), ValueError, "shapes"),
        (
            lambda: PDE(LINE, SOURCE, (dirichlet(0.0, lambda x: x.x > 5.0),)).sample(5, 5),
            ValueError,
            "No part of the boundary",
        ),
        (
            lambda: PDE(LINE, SOURCE, (dirichlet(0.0),)).sample(5),
            ValueError,
            "num_boundary",
        ),
        (
            lambda: PDE(LINE, SOURCE, (Condition(lambda x, u: u, lambda x: x.y == 0.0),)).sample(
                5, 5
            ),
            AttributeError,
            "y",
        ),
    ],
)
def test_mistakes_are_named(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.jax
def test_double_precision_is_refused_where_keras_rounds():
    if supports_float64():
        assert coordinate_mlp(1, dtype="float64")(np.ones((1, 1))).dtype == "float64"
    else:
        with pytest.raises(ValueError, match="KERAS_BACKEND=tensorflow"):
            coordinate_mlp(1, dtype="float64")


def test_given_numbers_are_kept_in_double_precision():
    problem = PDE(
        LINE,
        lambda x, u, rate: rate * u.xx + u,
        (dirichlet(0.0, weight=1e-4),),
        coefficients={"rate": 0.3},
    )
    dtype = "float64" if supports_float64() else "float32"
    model = PINN(coordinate_mlp(1, dtype=dtype), problem)
    given = [*model.equation_weights.values(), model.coefficients["rate"]]
    assert [float(v) for v in given] == [float(np.dtype(dtype).type(v)) for v in (1.0, 1e-4, 0.3)]
