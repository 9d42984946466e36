import keras
import numpy as np
import pytest

from keras_solvers import PINN
from keras_solvers.models import coordinate_mlp
from keras_solvers.numerics.geometry import Box
from keras_solvers.pinn import PDE, GradientNorms, SelfAdaptive, TangentKernel, dirichlet, equations
from keras_solvers.training import LeastSquares

pytestmark = pytest.mark.jax

WAVE = 4.0 * np.pi
LINE = Box(x=(0.0, 1.0))


def problem():
    """`u = sin(4 pi x)`: residuals of the size 100 hide conditions of the size 1."""
    source = lambda x: WAVE**2 * np.sin(WAVE * x.x)  # noqa: E731
    return PDE(LINE, equations.poisson(source), (dirichlet(0.0, weight=2.0),))


def trained(steps, *callbacks, width=20):
    keras.utils.set_random_seed(0)
    model = PINN(coordinate_mlp(1, width=width, depth=2, bounds=LINE.bounds), problem())
    model.compile(keras.optimizers.Adam(3e-3))
    model.fit(problem().sample(100, 2), steps, verbose=0, callbacks=list(callbacks))
    return model


def systems(model):
    return {n: model.least_squares({n: rows}) for n, rows in model.training_points.items()}


class AsTheyWere(keras.callbacks.Callback):
    """Keeps the network as it is when weights are chosen."""

    def __init__(self, measure):
        super().__init__()
        self.measure = measure

    def on_epoch_begin(self, epoch, logs=None):  # after the callback before it
        self.seen = {name: self.measure(s) for name, s in systems(self.model).items()}


@pytest.mark.parametrize(
    ("weighting", "measure"),
    [
        (GradientNorms(), lambda s: np.linalg.norm(s.loss_and_gradient()[1])),
        (TangentKernel(), LeastSquares.kernel_trace),
    ],
)
def test_parts_are_of_one_size(weighting, measure):
    before, after = AsTheyWere(measure), AsTheyWere(measure)
    trained(1, before, weighting, after, width=8)
    assert before.seen["residual"] != pytest.approx(before.seen["condition 0"], rel=0.3)
    assert after.seen["residual"] == pytest.approx(after.seen["condition 0"], rel=1e-3)


def test_old_weights_are_kept_in_part():
    weighting = GradientNorms(every=2, momentum=0.75)
    weighting.new_weights = lambda losses: dict.fromkeys(losses, 8.0)
    model = trained(1, weighting, width=4)
    assert [float(w) for w in model.equation_weights.values()] == [8.0, 8.0]
    weighting.new_weights = lambda losses: dict.fromkeys(losses, 16.0)
    model.fit(model.training_points, 3, initial_epoch=2, verbose=0, callbacks=[weighting])
    assert [float(w) for w in model.equation_weights.values()] == [10.0, 10.0]


def test_self_adaptive_weights_ascend():
    before = AsTheyWere(lambda system: system.loss() / 2.0)
    model = trained(1, before, SelfAdaptive(rate=3.0), width=8)
    weights = [float(w) for w in model.equation_weights.values()]
    assert weights == pytest.approx([1.0, 2.0 + 3.0 * before.seen["condition 0"]], rel=1e-4)


def test_a_condition_that_was_hidden_is_met():
    x = np.linspace(0.0, 1.0, 101, dtype="float32")[:, None]
    errors = [
        np.abs(keras.ops.convert_to_numpy(model(x)) - np.sin(WAVE * x)).max()
        for model in (trained(800), trained(800, SelfAdaptive(every=10, rate=100.0)))
    ]
    assert errors[1] < 0.02 < errors[0]


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="`momentum` in"):
        GradientNorms(momentum=1.0)
    with pytest.raises(ValueError, match="`rate` must be positive"):
        SelfAdaptive(rate=0.0)
