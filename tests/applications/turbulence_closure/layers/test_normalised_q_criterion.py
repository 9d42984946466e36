"""The normalised Q-criterion of flows with known values."""

import numpy as np
import pytest
from keras import ops

from keras_solvers.layers import NormalisedQCriterion

pytestmark = pytest.mark.jax


def test_a_shear_a_strain_and_a_rotation():
    strain = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]], dtype="float32")
    rotation = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 0.0]], dtype="float32")
    pairs = [(strain, rotation), (strain, 0.0 * rotation), (0.0 * strain, rotation)]
    x = np.stack([np.stack(pair) for pair in pairs])
    y = ops.convert_to_numpy(NormalisedQCriterion()(x))[:, 0]
    np.testing.assert_allclose(y, [0.0, -1.0, 1.0], atol=1e-6)


@pytest.mark.parametrize("size", [0.0, 1e-4, 1e3])
def test_half_precision_is_finite(size):
    x = size * np.random.default_rng(0).normal(size=(4, 2, 3, 3)).astype("float16")
    assert np.isfinite(ops.convert_to_numpy(NormalisedQCriterion(dtype="float16")(x))).all()


def test_other_shapes_are_named():
    with pytest.raises(ValueError, match=r"\(2, 3, 3, 3\)"):
        NormalisedQCriterion()(np.ones((2, 3, 3, 3), dtype="float32"))
