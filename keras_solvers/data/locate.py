"""Where data files are looked for."""

import os
from pathlib import Path


class DataNotFoundError(FileNotFoundError):
    """A data set is not on this machine; the message says how to get it."""


class DamagedDataError(ValueError):
    """A data file is unreadable or not what it should be; the message names it."""


def cache_folder() -> Path:
    """The user's Keras cache of data sets."""
    home = os.environ.get("KERAS_HOME", os.path.join(os.path.expanduser("~"), ".keras"))
    return Path(home) / "datasets"


def small_sets_folder() -> Path:
    """The small sets that the project's own generators made: in the package, or in a checkout."""
    package = Path(__file__).parent / "small_sets"
    return package if package.is_dir() else Path(__file__).parents[2] / "data"


def search_folders() -> list[Path]:
    """Folders in which data are looked for, the first one first."""
    shared = os.environ.get("KERAS_SOLVERS_DATA")
    return [*([Path(shared)] if shared else []), cache_folder(), small_sets_folder()]


def find(*names: str) -> Path | None:
    """The first existing file with one of the relative `names`, or `None`."""
    for folder in search_folders():
        for name in names:
            if (folder / name).is_file():
                return folder / name
    return None


def require(name: str) -> Path:
    """The first existing file with a relative name.

    Raises:
        DataNotFoundError: If there is none.
    """
    path = find(name)
    if path is None:
        raise DataNotFoundError(
            f"There is no {name}. Set KERAS_SOLVERS_DATA to the folder of reference data."
        )
    return path
