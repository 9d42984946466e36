import io
import json
import struct

import numpy as np
import pytest

from keras_solvers.grading import wire


def test_round_trip():
    arrays = {
        "a": np.arange(6, dtype="int32").reshape(2, 3),
        "b": np.float64(0.1),
        "c": np.zeros((0, 4), "float32"),
        "d": np.array([True, False]),
    }
    about, result = wire.decode(wire.encode({"note": "ü"}, arrays))
    assert about == {"note": "ü"}
    for name, array in arrays.items():
        np.testing.assert_array_equal(result[name], array)
        assert result[name].dtype == array.dtype


@pytest.mark.parametrize("value", [None, "text", [1, "a"], {}, np.array([{}]), 1j])
def test_only_numbers_travel(value):
    with pytest.raises(TypeError, match="holds no numbers"):
        wire.encode({}, {"x": value})


def message(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<I", len(text)) + text + data


@pytest.mark.parametrize(
    "malformed",
    [
        b"",
        b"\0",
        message(b"no json"),
        message([]),
        message({"arrays": []}),
        message({"about": [], "arrays": []}),
        message({"about": {}, "arrays": [["x", "<f8", [1]]]}),  # cut off
        message({"about": {}, "arrays": [["x", "<f8", [10**30]]]}),
        message({"about": {}, "arrays": [["x", "<f8", [-1]]]}, bytes(8)),
        message({"about": {}, "arrays": [["x", "<f8", [True]]]}, bytes(8)),
        message({"about": {}, "arrays": [["x", "O", [1]]]}, bytes(8)),
        message({"about": {}, "arrays": [["x", "nonsense", [1]]]}, bytes(8)),
        message({"about": {}, "arrays": [["x"]]}),
        message(b"[" * 100_000),
        struct.pack("<I", 2**32 - 1),
    ],
)
def test_malformed_message(malformed):
    with pytest.raises(wire.MalformedMessageError):
        wire.decode(malformed)


def test_frames():
    stream = io.BytesIO(wire.frame(b"one") + wire.frame(b"") + wire.frame(b"two")[:-1])
    assert wire.read_frame(stream.read) == b"one"
    assert wire.read_frame(stream.read) == b""
    assert wire.read_frame(stream.read) is None  # cut off


def test_frame_that_is_too_long_is_not_read():
    stream = io.BytesIO(wire.frame(bytes(100)))
    with pytest.raises(wire.MalformedMessageError, match="longer"):
        wire.read_frame(stream.read, limit=99)
