"""`python data/make.py`: makes the small sets of this folder anew, and the table in its README.

They are what our own generators made, so that labs and the default run need no network. The
library finds them by itself, see `keras_solvers.data`.
"""

import shutil
import tempfile
from pathlib import Path
from unittest import mock

import numpy as np

from keras_solvers import applications, files
from keras_solvers.applications.sparse_coding import (
    dictionary,
    learn_dictionary,
    photograph_patches,
)

FOLDER = Path(__file__).parent
PHOTOGRAPH = (
    "CC BY 2.0: learned from the photograph china.jpg by danielbuechele, which scikit-learn bundles"
)


def lab_05():
    """Dictionary of 128 atoms for patches of 8x8 pixels, lab 05."""
    patches = photograph_patches("china", 8000, size=8, seed=0)
    learn_dictionary(patches, 128, penalty=0.1, num_epochs=2)


def default_run():
    """Dictionary of 400 atoms for patches of 10x10 pixels, `keras-solvers run sparse-coding`."""
    settings = applications.load("sparse-coding").settings()
    patches = photograph_patches("china", settings.num_dictionary_patches, seed=settings.seed)
    learn_dictionary(patches, settings.num_atoms, settings.dictionary_penalty, seed=settings.seed)


SETS = {lab_05: PHOTOGRAPH, default_run: PHOTOGRAPH}


def make(generator):
    """Runs a generator of a dictionary in an empty cache; returns the name of its file."""
    with tempfile.TemporaryDirectory() as cache:
        with (
            mock.patch.object(dictionary, "find", return_value=None),
            mock.patch.object(dictionary, "cache_folder", return_value=Path(cache)),
        ):
            generator()
        (path,) = Path(cache).glob("dictionaries/*.npz")
        target = FOLDER / "dictionaries" / path.name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(path, target)
    return target.relative_to(FOLDER)


def main():
    rows = []
    for generator, licence in SETS.items():
        name = make(generator)
        with np.load(FOLDER / name) as arrays:
            checksum = files.sha256(*(arrays[key] for key in sorted(arrays)))
        size = (FOLDER / name).stat().st_size
        rows.append(f"| `{name}` | {size:,} | `{checksum}` | {generator.__doc__} | {licence} |")
    head, _, _ = (FOLDER / "README.md").read_text().partition("| file |")
    table = [
        "| file | bytes | SHA-256 of its arrays | what it is | licence |",
        "|---|---|---|---|---|",
    ]
    (FOLDER / "README.md").write_text(head + "\n".join([*table, *rows]) + "\n")


if __name__ == "__main__":
    main()
