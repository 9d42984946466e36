"""Image sets for classifiers and autoencoders: MNIST, Fashion-MNIST and scikit-learn's digits."""

import dataclasses
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from keras_solvers import files
from keras_solvers.data.locate import DamagedDataError, DataNotFoundError, cache_folder, find

ARRAYS = ("x_train", "y_train", "x_test", "y_test")


class Split(NamedTuple):
    """Images `(n, 28, 28, 1)` of float32 in `[0, 1]` and labels `(n,)` of int32."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


@dataclasses.dataclass(frozen=True)
class ImageSet:
    """A set of labelled images in one `.npz` file of four uint8 arrays.

    Attributes:
        title: What it is.
        source: Who made it, and under which licence.
        checksum: SHA-256 of the bytes of the four arrays, one after the other; `None` for a set
            that comes with scikit-learn.
        normalisation: How a file's numbers become grey values in `[0, 1]`.
    """

    title: str
    source: str
    checksum: str | None
    normalisation: str = "bytes divided by 255"


IMAGE_SETS = {
    "mnist": ImageSet(
        "MNIST, 70,000 handwritten digits",
        "LeCun, Cortes and Burges; CC BY-SA 3.0",
        "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16",
    ),
    "fashion_mnist": ImageSet(
        "Fashion-MNIST, 70,000 pictures of clothes",
        "Zalando SE; MIT",
        "ca3ab2a37f845e1b8ae23cab1b51749a3011ba3bf1d9016176d75cbaabac376f",
    ),
    "digits": ImageSet(
        "digits, 1,797 handwritten digits of 8x8 pixels, bundled with scikit-learn",
        "Alpaydin and Kaynak; CC BY 4.0",
        None,
        "grey values 0 to 16 divided by 16, each pixel 3x3 times, with a frame of 2",
    ),
}


def load_images(name: str) -> Split:
    """Loads an image set as a `Split`, verified by its checksum.

    Args:
        name: "mnist", "fashion_mnist", or "digits" (always at hand: each pixel becomes 3x3, with a
            frame of 2; a fifth of the images, drawn at random, are the test images).

    Raises:
        ValueError: If there is no set of that name.
        DataNotFoundError: If the set is not on this machine.
        DamagedDataError: If its file is damaged.
    """
    check_name(name)
    if name == "digits":
        return _digits()
    path = locate_images(name)
    if path is None:
        raise DataNotFoundError(
            f"{IMAGE_SETS[name].title}, is not on this machine. Fetch it with "
            f"`keras-solvers data fetch {name}`, or set KERAS_SOLVERS_DATA to a folder that holds "
            f"{name}/{name}.npz, or use scikit-learn's bundled digits: `--data digits`."
        )
    return _split(*read_images(name, path))


def check_name(name: str) -> None:
    if name not in IMAGE_SETS:
        raise ValueError(f"Image sets are {', '.join(IMAGE_SETS)}. Received: name={name!r}")


def locate_images(name: str) -> Path | None:
    """Path of the file of a set, or `None`."""
    return find(f"{name}/{name}.npz", f"{name}.npz")


def read_images(name: str, path: Path) -> list[np.ndarray]:
    """The four uint8 arrays of a file, verified."""
    try:
        with open(path, "rb") as source, np.load(source, allow_pickle=False) as file:
            arrays = [file[key] for key in ARRAYS]
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise DamagedDataError(_damaged(name, path, f"it cannot be read ({error})")) from error
    if files.sha256(*arrays) != IMAGE_SETS[name].checksum:
        raise DamagedDataError(_damaged(name, path, "its SHA-256 checksum is wrong"))
    return arrays


def fetch_images(name: str) -> Path:
    """Downloads a set with Keras, verifies it, stores it in the Keras cache; returns its path."""
    import keras

    check_name(name)
    if name == "digits":
        raise ValueError("The digits come with scikit-learn: nothing to fetch.")
    module = getattr(keras.datasets, name)
    (x_train, y_train), (x_test, y_test) = module.load_data()
    arrays = (x_train, y_train, x_test, y_test)
    if files.sha256(*arrays) != IMAGE_SETS[name].checksum:
        raise DamagedDataError(_damaged(name, cache_folder(), "the download is incomplete"))
    path = cache_folder() / name / f"{name}.npz"
    files.write_arrays(path, dict(zip(ARRAYS, arrays)))
    return path


def _damaged(name, path, why):
    return (
        f"The file {path} is damaged: {why}. Delete it, then run `keras-solvers data fetch {name}`."
    )


def _split(x_train, y_train, x_test, y_test):
    def images(x):
        return (x[..., None] / np.float32(255.0)).astype("float32")

    return Split(images(x_train), y_train.astype("int32"), images(x_test), y_test.astype("int32"))


def _digits():
    from sklearn.datasets import load_digits

    bunch = load_digits()
    x = np.kron(bunch.images / 16.0, np.ones((3, 3)))
    x = np.pad(x, ((0, 0), (2, 2), (2, 2)))[..., None].astype("float32")
    y = bunch.target.astype("int32")
    order = np.random.default_rng(0).permutation(len(x))
    test, train = order[: len(x) // 5], order[len(x) // 5 :]
    return Split(x[train], y[train], x[test], y[test])
