"""Invariance and equivariance of tensor functions, and identities between their terms."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.stats import ortho_group

from keras_solvers import layers

pytestmark = pytest.mark.jax

ROTATIONS = [ortho_group(3, seed=seed).rvs() for seed in range(4)]
PAIRS = {
    "strain and rotation": (layers.StrainRotationInvariants, layers.StrainRotationBasis, -1.0),
    "two symmetric": (layers.SymmetricPairInvariants, layers.SymmetricPairBasis, 1.0),
}


def pair(sign, num=20, seed=0):
    """Symmetric and trace-free, and antisymmetric or symmetric: `(num, 2, 3, 3)`."""
    g, h = np.random.default_rng(seed).normal(size=(2, num, 3, 3))
    g = g + g.transpose(0, 2, 1)
    g -= np.trace(g, axis1=1, axis2=2)[:, None, None] * np.eye(3) / 3.0
    return 0.5 * np.stack([g, h + sign * h.transpose(0, 2, 1)], axis=1)


def rotated(x, q):
    return np.einsum("ij,...jk,lk->...il", q, x, q)


def values(layer, x):
    return ops.convert_to_numpy(layer(dtype="float64")(x))


def rounding(y):
    """Rounding errors of products of up to six matrices; JAX computes in single precision."""
    return 1e2 * np.finfo(y.dtype).eps * np.abs(y).max()


@pytest.mark.parametrize("rotation", ROTATIONS)
@pytest.mark.parametrize("name", PAIRS)
def test_invariants_are_invariant_and_tensors_equivariant(name, rotation):
    invariants, basis, sign = PAIRS[name]
    x = pair(sign)
    assert np.any(abs(rotated(x, rotation) - x) > 0.1)
    y = values(invariants, x)
    np.testing.assert_allclose(values(invariants, rotated(x, rotation)), y, atol=rounding(y))
    y = values(basis, x)
    np.testing.assert_allclose(
        values(basis, rotated(x, rotation)), rotated(y, rotation), atol=rounding(y)
    )


def test_reflections_are_among_the_rotations():
    assert {round(np.linalg.det(q)) for q in ROTATIONS} == {-1, 1}


@pytest.mark.parametrize("name", PAIRS)
def test_tensors_are_symmetric(name):
    _, basis, sign = PAIRS[name]
    y = values(basis, pair(sign))
    np.testing.assert_allclose(y, y.swapaxes(-1, -2), atol=rounding(y))


def test_tensors_of_flows_are_trace_free_and_those_of_pope():
    x = pair(-1.0, 1)
    s, r = x[0]
    found = values(layers.StrainRotationBasis, x)[0]
    np.testing.assert_allclose(np.trace(found, axis1=1, axis2=2), 0.0, atol=rounding(found))
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
    np.testing.assert_allclose(found, expected, atol=rounding(found))


def test_cayley_and_hamilton():
    """Powers and mixed products that are linear combinations of Pope's tensors.

    `S^3 = (tr S^2 / 2) S + (tr S^3 / 3) I`, `R^3 = (tr R^2 / 2) R`, and, for a mixed
    product, `R S R = (tr R^2 / 2) S - (R^2 S + S R^2) + (tr R^2 S) I`.
    """
    x = pair(-1.0)
    invariants, tensors = (values(layer, x) for layer in PAIRS["strain and rotation"][:2])
    strain_squared, rotation_squared, cubed, mixed = invariants.T[:4, :, None, None]
    s, r = x[:, 0], x[:, 1]
    expected = 0.5 * strain_squared * s + cubed / 3.0 * np.eye(3)
    np.testing.assert_allclose(s @ s @ s, expected, atol=rounding(tensors))
    np.testing.assert_allclose(r @ r @ r, 0.5 * rotation_squared * r, atol=rounding(tensors))
    # Pope's sixth tensor is the trace-free part of R^2 S + S R^2; its trace is 2 tr R^2 S.
    expected = 0.5 * rotation_squared * tensors[:, 0] - tensors[:, 5] + mixed / 3.0 * np.eye(3)
    np.testing.assert_allclose(r @ s @ r, expected, atol=rounding(tensors))


def test_plane_flows_leave_three_tensors():
    gradient = np.zeros((50, 3, 3))
    gradient[:, :2, :2] = np.random.default_rng(1).normal(size=(50, 2, 2))
    gradient[:, 1, 1] = -gradient[:, 0, 0]
    transposed = gradient.transpose(0, 2, 1)
    x = 0.5 * np.stack([gradient + transposed, gradient - transposed], axis=1)
    tensors = values(layers.StrainRotationBasis, x).reshape(50, 10, 9)
    for each in tensors:
        size = np.linalg.svd(each, compute_uv=False)
        assert size[3] < 1e-5 * size[0]


def test_outliers_are_mapped_into_the_unit_ball_equivariantly():
    x = np.stack([pair(-1.0, 1)[0] * size for size in (1e-3, 1.0, 1e30)])
    bounded = layers.BoundedNorm(2.0)
    y = ops.convert_to_numpy(bounded(x))
    norm = np.linalg.norm(y.reshape(3, -1), axis=1)
    size = np.linalg.norm(pair(-1.0, 1))
    np.testing.assert_allclose(norm, [size / 2e3, size / np.hypot(2.0, size), 1.0], rtol=1e-5)
    again = ops.convert_to_numpy(bounded(rotated(x, ROTATIONS[0])))
    np.testing.assert_allclose(again, rotated(y, ROTATIONS[0]), atol=1e-6)


def test_mistakes_are_named():
    with pytest.raises(ValueError, match=r"\(batch, 2, 3, 3\). Received: shape \(5, 3, 3\)"):
        layers.StrainRotationBasis()(np.ones((5, 3, 3)))
    with pytest.raises(ValueError, match="must be positive"):
        layers.BoundedNorm(0.0)
    with pytest.raises(ValueError, match="2 tensors are expected"):
        layers.StrainRotationInvariants()(keras.Input((3, 3)))
