import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers import PINN
from keras_solvers.applications.pde_benchmarks import Wall
from keras_solvers.layers import (
    AdaptiveActivation,
    AdaptiveSkip,
    FourierFeatures,
    LocalRandomFeatures,
    PeriodicEmbedding,
    WallStreamFunction,
)
from keras_solvers.models import concatenate_networks, coordinate_mlp, gated_mlp, pirate_net
from keras_solvers.numerics.derivatives import directional_derivative
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE
from keras_solvers.pinn.fields.evaluation import Evaluation
from keras_solvers.pinn.fields.network_field import network_fields
from keras_solvers.pinn.fields.rules import Operator

pytestmark = pytest.mark.jax

POINTS = np.random.default_rng(0).uniform(-1.0, 1.0, (7, 2)).astype("float32")
BOUNDS = np.array([[-1.0, 1.0], [0.0, 3.0]])


def gated(_):
    """No chain: derivatives come from automatic differentiation of the whole network."""
    points = keras.Input((2,))
    wave = keras.layers.Dense(6, "tanh")(points)
    gate = keras.layers.Dense(6, "sigmoid")(points)
    return keras.Model(points, keras.layers.Dense(2)(wave * gate))


def activated(_):
    layers = [keras.layers.Dense(6), keras.layers.Activation("swish"), keras.layers.Dense(2)]
    return keras.Sequential([keras.Input((2,)), *layers])


def adaptive(_):
    """All layers that have rules."""
    points = keras.Input((2,))
    x = keras.layers.Dense(6)(points)
    x = AdaptiveActivation("swish", scale=2.0, per_unit=True)(x)
    skip = AdaptiveSkip()
    x = skip([x, keras.layers.Dense(6, "sigmoid")(x)])
    skip.factor.assign(0.3)
    return keras.Model(points, keras.layers.Dense(2)(x))


def local(_):
    points = keras.Input((2,))
    centers = [(0.0, 0.0), (-1.5, 0.5), (1.0, 1.5), (9.0, 9.0)]
    return keras.Model(points, LocalRandomFeatures(centers, [2.5, 3.0, 2.5, 1.0], 6)(points))


def between_walls(_):
    points = keras.Input((2,))
    heard = keras.layers.Dense(1)(keras.layers.Dense(6, "tanh")(points))
    walls = [
        Wall(((-2.0, -2.5), (2.0, -2.5))),
        Wall(((-0.2, 3.0), (0.4, 2.0), (3.0, 2.5)), 0.7),
        Wall(((-2.0, 0.0), (-2.0, 0.5)), (0.0, 0.5, 2.0)),
        Wall(((3.0, 0.0),), None, 0.5),
        Wall(((0.0, 4.0), (1.0, 4.0)), None, 0.5),
    ]
    return keras.Model(points, WallStreamFunction(walls, thickness=1.0)([points, heard]))


NETWORKS = {
    "local": local,
    "between walls": between_walls,
    "adaptive": adaptive,
    "gated_mlp": lambda dtype: gated_mlp(2, 2, width=6, depth=2, bounds=BOUNDS, dtype=dtype),
    "concatenate_networks": lambda dtype: concatenate_networks(
        [coordinate_mlp(2, width=6, depth=1, dtype=dtype), activated(dtype)]
    ),
    "pirate_net": lambda dtype: pirate_net(
        2, 2, width=6, embedding=FourierFeatures(3, dtype=dtype), dtype=dtype
    ),
    "chain": lambda dtype: coordinate_mlp(2, 2, width=6, depth=2, bounds=BOUNDS, dtype=dtype),
    "embedded": lambda dtype: coordinate_mlp(
        2,
        2,
        width=6,
        depth=2,
        embedding=PeriodicEmbedding((2.0, None), 2, dtype=dtype),
        dtype=dtype,
    ),
    "waves": lambda dtype: coordinate_mlp(
        2, 2, width=6, depth=1, embedding=FourierFeatures(4, 0.5, dtype=dtype), dtype=dtype
    ),
    "gated": gated,
    "activated": activated,
}


@pytest.mark.parametrize("name", NETWORKS)
def test_derivatives_are_those_of_automatic_differentiation(name):
    keras.utils.set_random_seed(0)
    network, points = NETWORKS[name]("float32"), ops.convert_to_tensor(POINTS)
    for variable in network.trainable_variables:
        if not ops.convert_to_numpy(
            variable
        ).any():  # zero at first: there would be nothing to differentiate
            variable.assign(keras.random.normal(variable.shape))
    *_, v = network_fields(network, "xt")

    def nested(letters):
        function = lambda p: network(p)[:, -1]  # noqa: E731
        for letter in letters:
            function = directional_derivative(
                function, [float(letter == "x"), float(letter == "t")]
            )
        return ops.convert_to_numpy(function(points))

    np.testing.assert_allclose(v(points), nested(""), rtol=1e-5, atol=1e-6)
    for letters in ("x", "t", "xt", "xx", "xxt", "xxxx"):
        np.testing.assert_allclose(
            getattr(v, letters)(points), nested(letters), rtol=1e-3, atol=1e-4
        )
    laplacian = nested("xx") + nested("tt")
    np.testing.assert_allclose(v.laplacian()(points), laplacian, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(v.laplacian("t").x(points), nested("ttx"), rtol=1e-3, atol=1e-4)


def test_the_laplacian_of_formulas():
    keras.utils.set_random_seed(0)
    u, v = network_fields(NETWORKS["chain"]("float32"), "xt")
    for made in (u * v, np.sin(u) - 2.0 * v, u / (2.0 + v**2), np.arctan2(u, v), u**3):
        expected = made.xx(POINTS) + made.tt(POINTS)
        np.testing.assert_allclose(made.laplacian()(POINTS), expected, rtol=1e-3, atol=1e-4)


def test_first_and_second_derivatives_are_propagated_together():
    keras.utils.set_random_seed(0)
    u, v = network_fields(NETWORKS["chain"]("float32"), "xt")
    cases = {
        "u": u.t + u * u.x - 0.3 * u.xx,
        "v": 2.0 * (0.5 * v.t - 0.15 * v.x.x) + v * v.x,
    }
    for name, together in cases.items():
        w = {"u": u, "v": v}[name]
        expected = w.t(POINTS) + w(POINTS) * w.x(POINTS) - 0.3 * w.xx(POINTS)
        np.testing.assert_allclose(together(POINTS), expected, rtol=1e-3, atol=1e-4)
    at = Evaluation(ops.convert_to_tensor(POINTS))
    for field in cases.values():
        field.value(at)
    # Of the last layer: its value, a first derivative, and the operator that both equations share.
    asked = {key[1] for key in at._known if key[0] == id(u.values)}
    assert asked == {(0, 0), (1, 0), Operator((0.0, 1.0), (-0.3, 0.0)).scaled()[1]}


def test_sums_that_cancel():
    keras.utils.set_random_seed(0)
    u, _ = network_fields(NETWORKS["chain"]("float32"), "xt")
    # To rounding of float32, of sums of size one.
    np.testing.assert_allclose((u.xx + u.x - u.xx - u.x + 1.0)(POINTS), 1.0, rtol=1e-6)
    np.testing.assert_allclose((u.xx + u.x - 2.0 * u.xx / 2.0)(POINTS), u.x(POINTS), rtol=1e-5)


@pytest.mark.parametrize(
    "embedding",
    [FourierFeatures(3, dtype="float32"), PeriodicEmbedding((2.0,), 3, dtype="float32")],
)
def test_embedded_networks_have_a_jacobian(embedding):
    keras.utils.set_random_seed(0)
    network = coordinate_mlp(1, width=4, depth=1, embedding=embedding, dtype="float32")
    problem = PDE(Box(x=(0.0, 2.0)), lambda x, u: u.xx + u - 1.0)
    model = PINN(network, problem)
    points = {"residual": problem.sample(5)["residual"].astype("float32")}
    values, jacobian = model.compiled_residuals.linearize("residual", points["residual"])
    weights = network.trainable_variables
    last = weights[-1]  # the offset of the output: its derivative is that of `u` in `u.xx + u`
    np.testing.assert_allclose(jacobian[:, 0, -1], 1.0, rtol=1e-5)
    last.assign(last + 0.5)
    found = model.evaluate_residuals(points)["residual"]
    np.testing.assert_allclose(found, values + 0.5, rtol=1e-3, atol=1e-4)
