"""A mean that is shortened where its members disagree, against the formula by hand."""

import numpy as np
import pytest
from keras import ops

from keras_solvers.applications.turbulence_closure.layers.cautious_mean import spread
from keras_solvers.layers import CautiousMean, ExcessRotation

pytestmark = pytest.mark.jax


def test_members_that_agree_are_left_alone():
    x = np.tile(np.arange(1.0, 9.0, dtype="float32").reshape(2, 1, 2, 2), (1, 5, 1, 1))
    np.testing.assert_allclose(ops.convert_to_numpy(CautiousMean(10.0)(x)), x[:, 0], rtol=1e-6)


def test_members_that_disagree_are_shortened_by_the_share_of_their_variance():
    x = np.array([[[1.0, 2.0], [3.0, 2.0]]], dtype="float32")  # mean (2, 2), variance 2
    assert ops.convert_to_numpy(spread(x)) == pytest.approx([np.sqrt(2.0)])
    for caution, share in ((0.0, 1.0), (1.0, 0.8), (4.0, 0.5)):
        found = ops.convert_to_numpy(CautiousMean(caution)(x))
        np.testing.assert_allclose(found, [[2.0 * share, 2.0 * share]], rtol=1e-6)


def test_one_member_is_no_committee():
    with pytest.raises(ValueError, match="two members"):
        CautiousMean()(np.ones((4, 1, 3), dtype="float32"))
    with pytest.raises(ValueError, match="caution=-1"):
        CautiousMean(-1.0)


def test_excess_rotation_of_a_shear_a_strain_and_a_rotation():
    strain = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]], dtype="float32")
    turning = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 0.0]], dtype="float32")
    pairs = [(strain, turning), (strain, 0.0 * turning), (0.0 * strain, turning)]
    x = np.stack([np.stack(pair) for pair in pairs])
    found = ops.convert_to_numpy(ExcessRotation()(x))[:, 0]
    np.testing.assert_allclose(found, [0.0, -1.0, 1.0], atol=1e-6)


def test_small_numbers_are_numbers_in_half_precision():
    mean = CautiousMean(3.0, dtype="float16")
    excess = ExcessRotation(dtype="float16")
    for size in (0.0, 1e-4, 1e3):
        answers = size * np.random.default_rng(0).normal(size=(4, 3, 3, 3)).astype("float16")
        assert np.isfinite(ops.convert_to_numpy(mean(answers))).all()
        assert np.isfinite(ops.convert_to_numpy(excess(answers[:, :2]))).all()


def test_other_shapes_are_named():
    with pytest.raises(ValueError, match=r"\(2, 3, 3, 3\)"):
        ExcessRotation()(np.ones((2, 3, 3, 3), dtype="float32"))
