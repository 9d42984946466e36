"""Arrays as bytes, for a channel whose other end may lie.

A message is `length of the header | header | data`: the header is JSON, the data are the raw bytes
of the arrays. No pickle, nothing compressed: what is decoded is never larger than what was sent.
"""

import json
import math
import re
import struct

import numpy as np

LIMIT = 20_000_000  # bytes of one message
_HEADER_LIMIT = 1_000_000
_DTYPE = re.compile(r"[<|=>]?[biuf]\d{1,2}")


class MalformedMessageError(ValueError):
    """The bytes are no message of this format."""


def encode(about, arrays):
    """Bytes of `about`, a JSON-able dict, and of `arrays`, a dict of arrays of numbers."""
    arrays = {str(name): np.asarray(value) for name, value in arrays.items()}
    layout = []
    for name, array in arrays.items():
        if array.dtype.kind not in "biuf":
            raise TypeError(f"`{name}` holds no numbers, but {array.dtype}")
        layout.append([name, array.dtype.str, list(array.shape)])
    header = json.dumps({"about": about, "arrays": layout}).encode()
    data = [np.ascontiguousarray(array).tobytes() for array in arrays.values()]
    return b"".join([struct.pack("<I", len(header)), header, *data])


def decode(message):
    """`(about, arrays)` of a message.

    Raises:
        MalformedMessageError: If anything about it is wrong.
    """
    try:
        (size,) = struct.unpack_from("<I", message)
        if size > _HEADER_LIMIT:
            raise ValueError("the header is too long")
        header = json.loads(message[4 : 4 + size])
        about, arrays, offset = header["about"], {}, 4 + size
        if not isinstance(about, dict):
            raise ValueError("the header describes nothing")
        for name, dtype, shape in header["arrays"]:
            array = _array(message, offset, dtype, shape)
            arrays[str(name)] = array
            offset += array.nbytes
    except Exception as error:  # whatever the bytes of an adversary make the parsers raise
        raise MalformedMessageError(f"the answer is malformed ({error})") from error
    return about, arrays


def _array(message, offset, dtype, shape):
    if not _DTYPE.fullmatch(dtype) or any(type(n) is not int or n < 0 for n in shape):
        raise ValueError("an array of unknown kind")
    dtype = np.dtype(dtype)
    count = math.prod(shape)
    if offset + count * dtype.itemsize > len(message):
        raise ValueError("an array is cut off")
    return np.frombuffer(message, dtype, count, offset).reshape(shape)


def frame(message):
    """A message as it stands on a pipe: its length, then itself."""
    return struct.pack("<Q", len(message)) + message


def read_frame(read, limit=LIMIT):
    """The next message from `read(num_bytes)`; None at the end of the stream.

    Raises:
        MalformedMessageError: If the message is longer than `limit`.
    """
    head = read(8)
    if len(head) < 8:
        return None
    (size,) = struct.unpack("<Q", head)
    if size > limit:
        raise MalformedMessageError(f"the answer is longer than {limit // 1_000_000} MB")
    message = read(size)
    return message if len(message) == size else None
