"""The closure of an ensemble: it learns, is equivariant and realizable, and can be saved."""

import keras
import numpy as np
import pytest
from synthetic_flows import synthetic_flow

from keras_solvers.applications.turbulence_closure import is_realizable
from keras_solvers.applications.turbulence_closure.experiment.baselines import rms_error
from keras_solvers.applications.turbulence_closure.experiment.ensemble_closure import (
    EnsembleClosure,
)
from keras_solvers.applications.turbulence_closure.experiment.plain_networks import (
    random_orthogonal,
    rotate,
)


@pytest.fixture(scope="module")
def closure():
    return EnsembleClosure.train(
        [synthetic_flow(seed, num=200) for seed in range(2)], 0, epochs=100
    )


def test_it_learns_is_equivariant_and_realizable(closure):
    test = synthetic_flow(9)
    x = test.inputs()
    b = closure(x)
    assert rms_error(b, test.anisotropy) < 0.1 * rms_error(0.0, test.anisotropy)
    axes = random_orthogonal(1, seed=3)[0]
    rotated = closure(x | {"tensors": rotate(x["tensors"], axes).astype("float32")})
    np.testing.assert_allclose(rotated, rotate(b, axes), atol=1e-5)
    outliers = x | {"tensors": 30.0 * x["tensors"]}
    assert is_realizable(closure(outliers)).all()


def test_the_spread_is_large_outside_the_training_data(closure):
    test = synthetic_flow(9)
    inside = closure.spread(test.inputs()).mean()
    outside = test.inputs() | {"scalars": np.full((len(test), 2), 1e5, dtype="float32")}
    assert closure.spread(outside).mean() > 3.0 * inside


def test_the_closure_is_saved_with_its_ensemble(closure, tmp_path):
    closure.closure.save(tmp_path / "closure.keras")
    loaded = keras.models.load_model(tmp_path / "closure.keras")
    x = synthetic_flow(9).inputs()
    np.testing.assert_allclose(
        loaded.predict(x, verbose=0), closure.closure.predict(x, verbose=0), rtol=1e-5
    )
