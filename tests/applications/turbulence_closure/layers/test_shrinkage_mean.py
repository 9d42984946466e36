"""The shrinkage mean and the ensemble spread, against the formula by hand."""

import numpy as np
import pytest
from keras import ops

from keras_solvers.applications.turbulence_closure.layers.shrinkage_mean import ensemble_spread
from keras_solvers.layers import ShrinkageMean

pytestmark = pytest.mark.jax


def test_equal_members_are_not_shrunk():
    x = np.tile(np.arange(1.0, 9.0, dtype="float32").reshape(2, 1, 2, 2), (1, 5, 1, 1))
    np.testing.assert_allclose(ops.convert_to_numpy(ShrinkageMean(10.0)(x)), x[:, 0], rtol=1e-6)


def test_different_members_are_shrunk_by_their_variance():
    x = np.array([[[1.0, 2.0], [3.0, 2.0]]], dtype="float32")  # mean (2, 2), variance 2
    assert ops.convert_to_numpy(ensemble_spread(x)) == pytest.approx([np.sqrt(2.0)])
    for shrinkage, factor in ((0.0, 1.0), (1.0, 0.8), (4.0, 0.5)):
        y = ops.convert_to_numpy(ShrinkageMean(shrinkage)(x))
        np.testing.assert_allclose(y, [[2.0 * factor, 2.0 * factor]], rtol=1e-6)


def test_one_member_is_no_ensemble():
    with pytest.raises(ValueError, match="two members"):
        ShrinkageMean()(np.ones((4, 1, 3), dtype="float32"))
    with pytest.raises(ValueError, match="shrinkage=-1"):
        ShrinkageMean(-1.0)


@pytest.mark.parametrize("size", [0.0, 1e-4, 1e3])
def test_half_precision_is_finite(size):
    x = size * np.random.default_rng(0).normal(size=(4, 3, 3, 3)).astype("float16")
    assert np.isfinite(ops.convert_to_numpy(ShrinkageMean(3.0, dtype="float16")(x))).all()
