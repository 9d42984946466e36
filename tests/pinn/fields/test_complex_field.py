import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, PINN, Coordinates, data, dirichlet, neumann, robin
from keras_solvers.training import LevenbergMarquardt

X = Coordinates("xt")
ROWS = np.random.default_rng(0).uniform(0.2, 1.0, (9, 2)).astype("float32")
x, t = ROWS.T
H = np.sin(X.x) + 1j * X.t * X.x
h = np.sin(x) + 1j * t * x


def at_rows(field):
    parts = [ops.convert_to_numpy(p(ops.convert_to_tensor(ROWS))) for p in (field.real, field.imag)]
    return parts[0] + 1j * parts[1]


@pytest.mark.jax
@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ((2.0 - 1j) * H + 3.0, (2.0 - 1j) * h + 3.0),
        (1j - H / 2.0, 1j - h / 2.0),
        (H * H - X.t * H, h * h - t * h),
        (H**3, h**3),
        (np.conj(H) * X.x, np.conj(h) * x),
        (1.0 / (H + 1.0), 1.0 / (h + 1.0)),
        (np.exp(1j * X.x - X.t), np.exp(1j * x - t)),
        (abs(H) * H, abs(h) * h),
        (H.x, np.cos(x) + 1j * t),
        (H.xt + H.laplacian("x"), 1j - np.sin(x)),
        (H.shifted(x=1.0), np.sin(x + 1.0) + 1j * t * (x + 1.0)),
    ],
)
def test_arithmetic_is_that_of_complex_numbers(made, expected):
    np.testing.assert_allclose(at_rows(made), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.jax
def test_the_square_of_the_modulus_is_smooth_at_zero():
    zero = 0.0 * H
    np.testing.assert_allclose((abs(zero) ** 2).xx(ROWS), 0.0)
    np.testing.assert_allclose(np.square(abs(H)).x(ROWS), (2 * h * (np.cos(x) - 1j * t)).real,
                               rtol=1e-4)  # fmt: skip


@pytest.mark.jax
def test_mistakes_are_named():
    with pytest.raises(TypeError, match="raised to 1, 2, 3"):
        H**0.5
    with pytest.raises(AttributeError, match="Received: y"):
        _ = H.y
    with pytest.raises(ValueError, match="two outputs"):
        line = Box(x=(0.0, 1.0))
        PINN(coordinate_mlp(1, 3), PDE(line, lambda x, h: h.xx, complex_valued=True))


def helmholtz(*conditions):
    return PDE(Box(x=(0.0, 1.0)), lambda x, h: h.xx + 25.0 * h, conditions, complex_valued=True)


@pytest.mark.parametrize("known", ["absorbed", "measured"])
def test_a_wave_that_leaves(known):
    if keras.backend.backend() == "jax":
        pytest.skip("float32 by default")
    points = np.linspace(0.0, 1.0, 50)[:, None]
    wave = np.exp(5j * points[:, 0])
    if known == "absorbed":
        start = dirichlet(1.0, lambda x: x.x == 0.0, weight=100.0)
        problem = helmholtz(start, robin(-5j, 0.0, lambda x: x.x == 1.0, weight=100.0))
    else:
        start = neumann(-5j, lambda x: x.x == 0.0)
        problem = helmholtz(start, data(points[::10], wave[::10]))
    keras.utils.set_random_seed(0)
    network = coordinate_mlp(1, 2, width=12, depth=2, dtype="float64")
    model = PINN(network, problem)
    model.compile(LevenbergMarquardt())
    model.fit(problem.sample(60, 1, seed=0), epochs=50, verbose=0)
    real, imag = ops.convert_to_numpy(model(points)).T
    assert np.abs(real + 1j * imag - wave).max() < 1e-3  # 1e-4 to 3e-4
