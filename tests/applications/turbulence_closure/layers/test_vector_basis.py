"""Completeness and equivariance of the invariants and tensors of a gradient and vectors."""

import itertools

import numpy as np
import pytest
from keras import ops
from scipy.spatial.transform import Rotation
from scipy.stats import ortho_group

from keras_solvers import layers

pytestmark = pytest.mark.jax

ROTATIONS = [ortho_group(3, seed=seed).rvs() for seed in range(4)]  # with reflections
DIRECTIONS = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 1], [1, 1, 0], [1, 1, 1]], "float64")
STRAINS = [np.diag(each) for each in ((0, 0, 0), (1, 1, -2), (-2, 1, 1), (3, -1, -2))]
TRANSPOSITION = np.eye(9).reshape(3, 3, 9).swapaxes(0, 1).reshape(9, 9)


def tensors(gradient, vectors):
    """The layers' input, `(num, 2 + num_vectors^2, 3, 3)`."""
    gradient = gradient - np.trace(gradient, axis1=1, axis2=2)[:, None, None] * np.eye(3) / 3.0
    transposed = gradient.swapaxes(1, 2)
    pair = 0.5 * np.stack([gradient + transposed, gradient - transposed], axis=1)
    products = ops.convert_to_numpy(layers.VectorProducts(dtype="float64")(vectors))
    # In the precision of the backend.
    return np.concatenate([pair, products], axis=1).astype(products.dtype)


def generic(num_vectors, num=20):
    random = np.random.default_rng(0)
    return random.normal(size=(num, 3, 3)), random.normal(size=(num, num_vectors, 3))


def values(layer, x):
    return ops.convert_to_numpy(layer(x))


def rotated(x, q):
    return np.einsum("ij,...jk,lk->...il", q, x, q)


def rounding(y):
    """Rounding errors of products of up to six matrices; JAX computes in single precision."""
    return 1e2 * np.finfo(y.dtype).eps * np.abs(y).max()


@pytest.mark.parametrize("rotation", ROTATIONS)
@pytest.mark.parametrize("num_vectors", [1, 2])
def test_all_are_equivariant(num_vectors, rotation):
    gradient, vectors = generic(num_vectors)
    x = tensors(gradient, vectors)
    again = tensors(rotated(gradient, rotation), vectors @ rotation.T)
    np.testing.assert_allclose(again, rotated(x, rotation), atol=rounding(again))
    invariants = layers.StrainRotationVectorInvariants(num_vectors, dtype="float64")
    y = values(invariants, x)
    np.testing.assert_allclose(values(invariants, again), y, atol=rounding(y))
    basis = layers.StrainRotationVectorBasis(num_vectors, dtype="float64")
    y = values(basis, x)
    np.testing.assert_allclose(values(basis, again), rotated(y, rotation), atol=rounding(y))
    np.testing.assert_allclose(y, y.swapaxes(-1, -2), atol=rounding(y))
    np.testing.assert_allclose(np.trace(y, axis1=-2, axis2=-1), 0.0, atol=rounding(y))


@pytest.mark.parametrize("num_vectors", [1, 2])
def test_the_number_of_independent_invariants_is_that_of_the_components(num_vectors):
    """All components of the tensors and vectors, less the three angles of a rotation."""
    layer = layers.StrainRotationVectorInvariants(num_vectors, dtype="float64")
    gradient, vectors = generic(num_vectors, num=1)

    def moved(step):
        shift = step[:, :9].reshape(-1, 3, 3), step[:, 9:].reshape(-1, num_vectors, 3)
        return values(layer, tensors(gradient + shift[0], vectors + shift[1]))

    steps = 0.01 * np.eye(9 + 3 * num_vectors)
    slopes = (moved(steps) - moved(-steps)) / 0.02
    sizes = np.linalg.svd(slopes / np.linalg.norm(slopes, axis=0), compute_uv=False)
    expected = 5 + 3 * num_vectors
    assert sizes[expected - 1] > 10.0 * sizes[expected]


def test_signs_are_distinguished():
    """No rotation maps these cases to each other, so their invariants must differ."""
    layer = layers.StrainRotationVectorInvariants(2)
    gradient, vectors = generic(2)
    y = values(layer, tensors(gradient, vectors))
    opposite = vectors * [[1.0], [-1.0]]
    others = [(gradient.swapaxes(1, 2), vectors), (-gradient, vectors), (gradient, opposite)]
    for other in others:
        assert np.abs(values(layer, tensors(*other)) - y).max(axis=1).min() > 0.1


@pytest.mark.parametrize("num_vectors", [0, 1, 2])
def test_tensors_span_all_that_symmetry_allows(num_vectors):
    """A function of a gradient and vectors has their symmetries, and no other restriction."""
    strain, axis, *vectors = map(
        np.array, zip(*itertools.product(STRAINS, DIRECTIONS, *num_vectors * [DIRECTIONS]))
    )
    gradient = strain + np.cross(np.eye(3), axis[:, None])
    if num_vectors:
        x = tensors(gradient, np.stack(vectors, axis=1))
        basis = layers.StrainRotationVectorBasis(num_vectors)
    else:
        x = tensors(gradient, axis[:, None])[:, :2]
        basis = layers.StrainRotationBasis()
    y = values(basis, x).reshape(len(x), -1, 9)
    found = np.linalg.matrix_rank(y, tol=1e-3)
    np.testing.assert_array_equal(found, [invariant_dimension(each) for each in x])


def rotations_of_symmetric_cases():
    """Rotations of a cube, and about all directions; tensors are invariant under inversion."""
    about = Rotation.from_rotvec(DIRECTIONS[1:]).as_matrix()
    return np.concatenate([Rotation.create_group("O").as_matrix(), about])


CANDIDATES = rotations_of_symmetric_cases()


def invariant_dimension(x):
    """Dimension of the symmetric, trace-free tensors with all rotational symmetries of `x`."""
    symmetries = [q for q in CANDIDATES if np.allclose(rotated(x, q), x)]
    conditions = [np.kron(q, q) - np.eye(9) for q in symmetries]
    conditions += [TRANSPOSITION - np.eye(9), np.eye(3).reshape(1, 9)]
    return 9 - np.linalg.matrix_rank(np.concatenate(conditions), tol=1e-6)


def test_general_layers_agree_for_the_same_words():
    x = tensors(*generic(1))
    words = layers.StrainRotationVectorBasis().words
    np.testing.assert_array_equal(
        values(layers.InvariantTensorBasis(words, trace_free=True), x),
        values(layers.StrainRotationVectorBasis(), x),
    )
    found = values(layers.TensorInvariants(["A", "CAB", "AB-BA"], dtype="float64"), x)
    s, r, v = x[:, 0], x[:, 1], generic(1)[1][:, 0]
    expected = np.einsum("ni,nij,njk,nk->n", v, s, r, v)
    np.testing.assert_allclose(found[:, 1], expected, atol=rounding(found))
    np.testing.assert_allclose(found[:, ::2], 0.0, atol=rounding(found))


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="Received: words="):
        layers.TensorInvariants(["A+B+C"])
    with pytest.raises(ValueError, match=r"3 tensors are expected, \(batch, 3, 3, 3\)"):
        layers.StrainRotationVectorBasis()(np.ones((5, 2, 3, 3)))
    with pytest.raises(ValueError, match="Received: num_vectors=0"):
        layers.StrainRotationVectorInvariants(0)
