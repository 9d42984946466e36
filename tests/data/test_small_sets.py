import re

import numpy as np
import pytest

from keras_solvers import files
from keras_solvers.applications.sparse_coding import (
    dictionary,
    learn_dictionary,
    photograph_patches,
)
from keras_solvers.data.locate import small_sets_folder

FOLDER = small_sets_folder()
ROWS = re.findall(
    r"^\| `([^`]+)` \| ([\d,]+) \| `(\w+)` \|", (FOLDER / "README.md").read_text(), re.M
)


def test_every_set_is_listed_and_all_are_small():
    sets = [path for path in FOLDER.rglob("*") if path.suffix == ".npz"]
    assert {path.relative_to(FOLDER).as_posix() for path in sets} == {name for name, *_ in ROWS}
    assert sum(path.stat().st_size for path in sets) < 12e6


@pytest.mark.parametrize(("name", "size", "checksum"), ROWS)
def test_sets_are_those_of_the_list(name, size, checksum):
    assert (FOLDER / name).stat().st_size == int(size.replace(",", ""))
    with np.load(FOLDER / name, allow_pickle=False) as arrays:
        assert files.sha256(*(arrays[key] for key in sorted(arrays))) == checksum


def test_the_dictionary_of_lab_05_is_read_and_not_learned(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_SOLVERS_DATA", raising=False)
    monkeypatch.setattr(dictionary, "_learn", None)
    atoms = learn_dictionary(photograph_patches("china", 8000, size=8), 128, 0.1, num_epochs=2)
    np.testing.assert_allclose(np.linalg.norm(atoms, axis=0), 1.0)
