import keras
import numpy as np
import pytest

from keras_solvers.models import CouplingFlow

pytestmark = pytest.mark.jax


def flow():
    keras.utils.set_random_seed(0)
    model = CouplingFlow(2, num_layers=4, width=8)
    rng = np.random.default_rng(0)
    for weight in model.trainable_variables:  # any flow, not only the one it starts as
        weight.assign(weight + 0.1 * rng.normal(size=weight.shape))
    return model


def test_the_density_integrates_to_one():
    # Even steps of log(x / (1 - x)): a flow's density may grow without bound towards the sides.
    edges = 1.0 / (1.0 + np.exp(-np.linspace(-13.0, 13.0, 401)))
    x = np.stack(np.meshgrid(edges, edges), axis=-1).reshape(-1, 2)
    area = (26.0 / 400) ** 2 * np.prod(x * (1.0 - x), axis=1)
    density = np.exp(flow().predict(x.astype("float32"), batch_size=20000, verbose=0)[:, 0])
    assert np.sum(np.abs(density - 1.0) * area) > 0.05  # not the even density
    assert np.sum(density * area) == pytest.approx(1.0, abs=0.01)


def test_points_are_drawn_from_the_density():
    model = flow()
    x = model.draw(20000, np.random.default_rng(0)).astype("float32")
    assert x.min() >= 0.0
    assert x.max() <= 1.0
    density = np.exp(model.predict(x, batch_size=20000, verbose=0)[:, 0])
    # The mean of 1 / p over its own points is the area, for each part of the square.
    for corner in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)):
        inside = np.all((x >= corner) & (x < np.add(corner, 0.5)), axis=1)
        assert np.mean(inside / density) == pytest.approx(0.25, abs=0.03)


def test_it_starts_nearly_even():
    model = CouplingFlow(2)
    x = np.random.default_rng(0).uniform(0.1, 0.9, (500, 2)).astype("float32")
    density = np.exp(model.predict(x, verbose=0))
    assert 0.7 < density.min() < density.max() < 1.3


def test_one_coordinate_is_too_few():
    with pytest.raises(ValueError, match="two coordinates or more"):
        CouplingFlow(1)
