import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers.applications.pde_benchmarks import Wall
from keras_solvers.layers import WallStreamFunction
from keras_solvers.numerics.derivatives import directional_derivative

pytestmark = pytest.mark.jax
WALLS = (
    Wall(((0.0, 0.0), (2.0, 0.0))),
    Wall(((0.0, 1.0), (2.0, 1.0)), 2.0 / 3.0),
    Wall(((0.0, 0.0), (0.0, 1.0)), (0.0, 0.0, 2.0, -4.0 / 3.0)),
    Wall(((1.0, 0.5),), None, 0.2),
)


def velocity(layer, x):
    """Of an arbitrary network."""
    x = ops.convert_to_tensor(np.asarray(x, "float32"))

    def psi(x):
        n = ops.sin(3.0 * x[:, :1]) + x[:, 1:] ** 2
        return layer([x, n])[:, 0]

    along = directional_derivative(psi, (0.0, 1.0))(x)
    across = directional_derivative(psi, (1.0, 0.0))(x)
    return np.stack([ops.convert_to_numpy(along), -ops.convert_to_numpy(across)])


@pytest.fixture
def layer():
    layer = WallStreamFunction(WALLS)
    layer([np.zeros((1, 2), "float32"), np.zeros((1, 1), "float32")])
    layer.constants.assign([0.3])
    return layer


def test_nothing_moves_on_walls(layer):
    angle = np.linspace(0.1, 6.0, 9)
    x = np.linspace(0.3, 1.9, 5)
    disc = np.stack([1.0 + 0.2 * np.cos(angle), 0.5 + 0.2 * np.sin(angle)], axis=1)
    for wall in (np.stack([x, 0.0 * x], 1), np.stack([x, 0.0 * x + 1.0], 1), disc):
        # Rounding of float32 puts points some 1e-8 off the wall, a ten thousandth of 1 / l^2 away.
        np.testing.assert_allclose(velocity(layer, wall), 0.0, atol=2e-3)


def test_the_inlet_has_its_profile(layer):
    y = np.linspace(0.2, 0.8, 7)
    along, across = velocity(layer, np.stack([0.0 * y, y], axis=1))
    np.testing.assert_allclose(along, 4.0 * y * (1.0 - y), atol=2e-3)
    np.testing.assert_allclose(across, 0.0, atol=2e-3)


def test_the_answer_is_made_of_its_parts(layer):
    x = np.random.default_rng(0).uniform((0.1, 0.1), (0.7, 0.9), (20, 2)).astype("float32")
    n = np.ones((20, 1), "float32")
    factor, known, island = ops.convert_to_numpy(layer.parts(x)).T
    found = ops.convert_to_numpy(layer([x, n]))[:, 0]
    np.testing.assert_allclose(found, factor + known + 0.3 * island, atol=1e-6)
    assert np.all((factor > 0.0) & (factor < 1.0))


def test_saved_and_loaded_it_answers_alike(layer, tmp_path):
    x, n = keras.Input((2,)), keras.Input((1,))
    model = keras.Model([x, n], WallStreamFunction(WALLS, thickness=0.2)([x, n]))
    model.layers[-1].constants.assign([0.4])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    at = [np.full((3, 2), 0.4, "float32"), np.ones((3, 1), "float32")]
    np.testing.assert_array_equal(loaded.predict_on_batch(at), model.predict_on_batch(at))
    assert loaded.layers[-1].walls == list(WALLS)


def test_half_precision_is_finite():
    layer = WallStreamFunction(WALLS, dtype="mixed_float16")
    y = layer([np.full((3, 2), 0.4, "float16"), np.ones((3, 1), "float16")])
    assert keras.backend.standardize_dtype(y.dtype) == "float16"
    assert np.isfinite(ops.convert_to_numpy(y)).all()


def test_wrong_walls_are_named():
    with pytest.raises(ValueError, match="pairs of coordinates"):
        Wall((0.0, 1.0))
    with pytest.raises(ValueError, match="two corners"):
        Wall(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)), (0.0, 1.0))
