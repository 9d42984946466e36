import json
import resource

import numpy as np
import pytest

from keras_solvers import files


def test_failed_write_leaves_the_old_file_and_no_litter(tmp_path):
    path = tmp_path / "a.json"
    files.write_json(path, {"kept": 1})
    with pytest.raises(TypeError):
        files.write_json(path, {"not": object()})
    with pytest.raises(IsADirectoryError), files.replacing(path) as temporary:
        temporary.write_text("half")
        tmp_path.write_text("fails")
    assert json.loads(path.read_text()) == {"kept": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_a_write_that_hits_the_limit_of_the_disk_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.npz"
    files.write_arrays(path, {"x": np.arange(3)})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            files.write_arrays(path, {"x": np.zeros(100_000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    np.testing.assert_array_equal(np.load(path)["x"], np.arange(3))
    assert len(list(tmp_path.iterdir())) == 1


def test_checksum_is_that_of_the_bytes():
    # SHA-256 of the three bytes "abc" (FIPS 180-4, appendix B.1).
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert files.sha256(np.frombuffer(b"a", "u1"), np.frombuffer(b"bc", "u1")) == expected
