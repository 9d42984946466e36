import numpy as np
import pytest

from keras_solvers import files
from keras_solvers.applications import sparse_coding
from keras_solvers.applications.sparse_coding import dictionary
from keras_solvers.applications.sparse_coding.photographs import photograph


def test_patches_have_no_mean_and_unit_contrast():
    patches = sparse_coding.photograph_patches("flower", 500)
    assert patches.shape == (500, 100)
    np.testing.assert_allclose(patches.mean(axis=1), 0.0, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(patches, axis=1), 1.0, rtol=1e-5)


def test_patches_are_windows_of_the_photograph():
    grey = photograph("china")
    assert grey.shape == (427, 640)
    assert 0.0 <= grey.min() < grey.max() <= 1.0
    (patch,) = sparse_coding.photograph_patches("china", 1, seed=3)
    windows = np.lib.stride_tricks.sliding_window_view(grey, (10, 10)).reshape(-1, 100)
    windows = windows - windows.mean(axis=1, keepdims=True)
    windows /= np.maximum(np.linalg.norm(windows, axis=1, keepdims=True), 1e-12)
    # Cosines: one window is the patch itself.
    assert (windows @ patch).max() == pytest.approx(1.0, abs=1e-5)


def test_seed_repeats_the_draw():
    one, same, other = (sparse_coding.photograph_patches("china", 50, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_varied_patches_are_normalised_up_to_their_noise():
    clean = sparse_coding.varied_patches("china", 400, seed=1, noise=0.0)
    np.testing.assert_allclose(np.linalg.norm(clean, axis=1), 1.0, rtol=1e-4)
    np.testing.assert_allclose(clean.mean(axis=1), 0.0, atol=1e-4)
    noisy = sparse_coding.varied_patches("china", 4000, seed=1)
    # A uniform strength s up to 0.05 adds 100 s^2 to the squared norm: 1/12 on average.
    assert np.mean(np.sum(np.square(noisy), axis=1)) == pytest.approx(1 + 1 / 12, rel=0.02)
    np.testing.assert_array_equal(noisy, sparse_coding.varied_patches("china", 4000, seed=1))


def test_varied_patches_have_no_preferred_direction():
    # Edges of a photograph prefer its axes; turned and mirrored patches treat both axes alike.
    images = sparse_coding.varied_patches("china", 20_000, noise=0.0).reshape(-1, 10, 10)
    down, right = (np.mean(np.square(np.diff(images, axis=axis))) for axis in (1, 2))
    assert down == pytest.approx(right, rel=0.02)


def test_wrong_requests_are_named():
    with pytest.raises(ValueError, match="'cat'"):
        sparse_coding.photograph_patches("cat")
    with pytest.raises(ValueError, match="num_patches=100000000"):
        sparse_coding.photograph_patches("china", 10**8)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    return tmp_path


def learn(**kwargs):
    return sparse_coding.learn_dictionary(
        sparse_coding.photograph_patches("china", 1500, size=6), 50, 0.1, **kwargs
    )


def test_dictionary_has_unit_atoms_and_explains_patches_better_than_random_ones(cache):
    learned = learn()
    assert learned.shape == (36, 50)
    np.testing.assert_allclose(np.linalg.norm(learned, axis=0), 1.0, rtol=1e-12)
    random = np.random.default_rng(0).normal(size=(36, 50))
    random /= np.linalg.norm(random, axis=0)
    patches = sparse_coding.photograph_patches("flower", 200, size=6)
    assert mean_objective(learned, patches) < 0.9 * mean_objective(random, patches)


def mean_objective(atoms, patches):
    from keras_solvers.classic import CoordinateDescent
    from keras_solvers.problems import SparseCoding

    problem = SparseCoding(atoms, 0.1)
    code = CoordinateDescent(problem)(patches).astype("float32")
    return float(np.mean(problem.objective(patches, code)))


def test_dictionary_is_cached_with_its_checksum(cache, monkeypatch):
    first = learn()
    monkeypatch.setattr(dictionary, "_learn", None)  # would fail if it were called again
    np.testing.assert_array_equal(learn(), first)


def test_damaged_cache_is_named_and_replaced(cache):
    first = learn()
    (path,) = cache.rglob("dictionaries/*.npz")
    changed = {"dictionary": 2 * first, "checksum": np.array(files.sha256(first))}
    for damage in (lambda: path.write_bytes(b"half"), lambda: files.write_arrays(path, changed)):
        damage()
        with pytest.warns(UserWarning, match="damaged and is learned anew"):
            np.testing.assert_array_equal(learn(), first)
