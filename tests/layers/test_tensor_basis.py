"""What tensor functions must do when axes turn, and identities that tie their terms together."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.stats import ortho_group

from keras_solvers import layers

pytestmark = pytest.mark.jax

TURNS = [ortho_group(3, seed=seed).rvs() for seed in range(4)]
PAIRS = {
    "strain and rotation": (layers.StrainRotationInvariants, layers.StrainRotationBasis, -1.0),
    "two symmetric": (layers.SymmetricPairInvariants, layers.SymmetricPairBasis, 1.0),
}


def pair(sign, num=20, seed=0):
    """Symmetric without trace, and antisymmetric or symmetric: `(num, 2, 3, 3)`."""
    g, h = np.random.default_rng(seed).normal(size=(2, num, 3, 3))
    g = g + g.transpose(0, 2, 1)
    g -= np.trace(g, axis1=1, axis2=2)[:, None, None] * np.eye(3) / 3.0
    return (0.5 * np.stack([g, h + sign * h.transpose(0, 2, 1)], axis=1)).astype("float32")


def turned(x, q):
    return np.einsum("ij,...jk,lk->...il", q, x, q).astype("float32")


def values(layer, x):
    return ops.convert_to_numpy(layer()(x)).astype("float64")


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("name", PAIRS)
def test_invariants_stay_and_tensors_turn(name, turn):
    invariants, basis, sign = PAIRS[name]
    x = pair(sign)
    assert np.any(abs(turned(x, turn) - x) > 0.1)
    np.testing.assert_allclose(
        values(invariants, turned(x, turn)), values(invariants, x), atol=2e-4, rtol=1e-4
    )
    np.testing.assert_allclose(
        values(basis, turned(x, turn)), turned(values(basis, x), turn), atol=2e-3, rtol=1e-4
    )


def test_reflections_are_among_the_turns():
    assert {round(np.linalg.det(q)) for q in TURNS} == {-1, 1}


@pytest.mark.parametrize("name", PAIRS)
def test_tensors_are_symmetric(name):
    _, basis, sign = PAIRS[name]
    y = values(basis, pair(sign))
    np.testing.assert_allclose(y, y.swapaxes(-1, -2), atol=1e-3)


def test_tensors_of_flows_have_no_trace_and_are_those_of_pope():
    s, r = pair(-1.0)[:1].astype("float64")[0]
    found = values(layers.StrainRotationBasis, np.stack([s, r])[None].astype("float32"))[0]
    np.testing.assert_allclose(np.trace(found, axis1=1, axis2=2), 0.0, atol=1e-4)
    trace = lambda a: np.trace(a) / 3.0 * np.eye(3)  # noqa: E731
    expected = (
        s,
        s @ r - r @ s,
        s @ s - trace(s @ s),
        r @ r - trace(r @ r),
        r @ s @ s - s @ s @ r,
        r @ r @ s + s @ r @ r - 2.0 * trace(s @ r @ r),
        r @ s @ r @ r - r @ r @ s @ r,
        s @ r @ s @ s - s @ s @ r @ s,
        r @ r @ s @ s + s @ s @ r @ r - 2.0 * trace(s @ s @ r @ r),
        r @ s @ s @ r @ r - r @ r @ s @ s @ r,
    )
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_cayley_and_hamilton():
    """`S^3 = (tr S^2 / 2) S + (tr S^3 / 3) I`: a third power needs no tensor of its own."""
    x = pair(-1.0)
    invariants, tensors = (values(layer, x) for layer in PAIRS["strain and rotation"][:2])
    s = x[:, 0].astype("float64")
    cube = s @ s @ s
    expected = 0.5 * invariants[:, 0, None, None] * tensors[:, 0]
    expected += invariants[:, 2, None, None] / 3.0 * np.eye(3)
    np.testing.assert_allclose(cube, expected, atol=1e-4)


def test_plane_flows_leave_three_tensors():
    gradient = np.zeros((50, 3, 3))
    gradient[:, :2, :2] = np.random.default_rng(1).normal(size=(50, 2, 2))
    gradient[:, 1, 1] = -gradient[:, 0, 0]
    flipped = gradient.transpose(0, 2, 1)
    x = 0.5 * np.stack([gradient + flipped, gradient - flipped], axis=1)
    tensors = values(layers.StrainRotationBasis, x.astype("float32")).reshape(50, 10, 9)
    for each in tensors:
        size = np.linalg.svd(each, compute_uv=False)
        assert size[3] < 1e-5 * size[0]


def test_outliers_come_into_the_unit_ball_and_turn():
    x = np.stack([pair(-1.0, 1)[0] * size for size in (1e-3, 1.0, 1e30)])
    bounded = layers.BoundedNorm(2.0)
    y = ops.convert_to_numpy(bounded(x))
    norm = np.linalg.norm(y.reshape(3, -1), axis=1)
    size = np.linalg.norm(pair(-1.0, 1))
    np.testing.assert_allclose(norm, [size / 2e3, size / np.hypot(2.0, size), 1.0], rtol=1e-5)
    again = ops.convert_to_numpy(bounded(turned(x, TURNS[0])))
    np.testing.assert_allclose(again, turned(y, TURNS[0]), atol=1e-6)


def test_mistakes_are_named():
    with pytest.raises(ValueError, match=r"\(batch, 2, 3, 3\). Received: shape \(5, 3, 3\)"):
        layers.StrainRotationBasis()(np.ones((5, 3, 3)))
    with pytest.raises(ValueError, match="must be positive"):
        layers.BoundedNorm(0.0)
    with pytest.raises(ValueError, match="Two tensors are expected"):
        layers.StrainRotationInvariants()(keras.Input((3, 3)))
