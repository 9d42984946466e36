import numpy as np
import pytest

from keras_solvers import data, files
from keras_solvers.data import images


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A machine without any data set."""
    monkeypatch.setenv("KERAS_SOLVERS_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_real_images_are_found_and_verified(name):
    if images.locate_images(name) is None:
        pytest.skip(f"{name} is not on this machine")
    split = data.load_images(name)
    assert split.x_train.shape == (60000, 28, 28, 1)
    assert split.x_test.shape == (10000, 28, 28, 1)
    assert split.x_train.dtype == np.float32
    assert (split.x_train.min(), split.x_train.max()) == (0.0, 1.0)
    # Both sets have 1,000 test images of most classes, none of a class under 800.
    assert np.bincount(split.y_test).min() >= 800


def test_bundled_digits_need_no_file(nowhere):
    split = data.load_images("digits")
    assert split.x_train.shape == (1438, 28, 28, 1)
    assert split.x_test.shape == (359, 28, 28, 1)
    assert 0.0 <= split.x_train.min() < split.x_train.max() == 1.0


def test_missing_set_names_the_command_and_the_alternative(nowhere):
    with pytest.raises(data.DataNotFoundError) as error:
        data.load_images("mnist")
    assert "keras-solvers data fetch mnist" in str(error.value)
    assert "--data digits" in str(error.value)


def test_unknown_set_is_named():
    with pytest.raises(ValueError, match="'cifar'"):
        data.load_images("cifar")


def save_small_set(path):
    arrays = {"x_train": (4, 28, 28), "y_train": (4,), "x_test": (2, 28, 28), "y_test": (2,)}
    arrays = {name: np.ones(shape, "uint8") for name, shape in arrays.items()}
    files.write_arrays(path, arrays)
    return arrays


def test_wrong_content_is_damage(nowhere):
    save_small_set(nowhere / "mnist/mnist.npz")
    with pytest.raises(data.DamagedDataError, match=r"mnist\.npz is damaged: its SHA-256"):
        data.load_images("mnist")


@pytest.mark.parametrize("length", [0, 20, 3000])
def test_truncated_file_is_damage(nowhere, length):
    path = nowhere / "mnist/mnist.npz"
    save_small_set(path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(data.DamagedDataError, match=r"cannot be read.*data fetch mnist"):
        data.load_images("mnist")


def test_fetched_set_is_verified_and_stored(nowhere, monkeypatch):
    import keras

    arrays = save_small_set(nowhere / "source.npz")
    pairs = tuple((arrays[f"x_{part}"], arrays[f"y_{part}"]) for part in ("train", "test"))
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: pairs)
    with pytest.raises(data.DamagedDataError, match="incomplete"):
        data.fetch_images("mnist")
    known = images.ImageSet("small", "nobody", files.sha256(*arrays.values()))
    monkeypatch.setitem(images.IMAGE_SETS, "mnist", known)
    assert data.fetch_images("mnist") == nowhere / "keras/datasets/mnist/mnist.npz"
    assert data.load_images("mnist").x_train.shape == (4, 28, 28, 1)
