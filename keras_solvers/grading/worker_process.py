"""The judge's side of a worker: starts it, speaks to it, and replaces it if it dies."""

import contextlib
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from keras_solvers.grading import sandbox, wire
from keras_solvers.grading.confinement import python_folders
from keras_solvers.grading.submission import UnreadableSubmissionError

# Neither Keras nor a solver is imported: a lab in NumPy starts in a second, and no solution is in
# the memory of the worker unless the lab's set-up puts it there.
_PROGRAM = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from keras_solvers.grading.worker import main
main()
"""
_PATIENCE = 60.0  # seconds beyond the limit of a check after which a worker is given up
_START = 180.0  # seconds for imports and data on a busy machine
_KEPT = ("PATH", "LANG", "KERAS_BACKEND", "KERAS_SOLVERS_DATA", "XDG_CACHE_HOME", "HOME")


class WorkerError(OSError):
    """The worker cannot be started: a fault of the lab or of the machine, never of a student."""


class Worker:
    """Runs the code of students for one lab, in a process of its own.

    Args:
        lab: The lab.

    Attributes:
        missing: What the machine cannot guard against, see `sandbox.missing`.
    """

    def __init__(self, lab):
        self._setup = [cell.code for cell in lab.cells if cell.kind == "setup"]
        path = lab.folder / "probes.py"
        self._probes = path.read_text() if path.is_file() else ""
        self._memory = int(lab.about.get("memory_gb", 4) * (1 << 30))
        self._folder = lab.folder.resolve()
        self._process = None
        self._start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def read_submission(self, data, suffix):
        """`[(task, code)]` of the bytes of a file.

        Raises:
            UnreadableSubmissionError: If they are no notebook.
        """
        file = np.frombuffer(data, np.uint8)
        about, _ = self._ask({"suffix": suffix}, {"file": file}, seconds=100.0)
        cells = about.get("cells")
        if not isinstance(cells, list):
            raise UnreadableSubmissionError(_printable(about.get("failed", "no cells")))
        return [(_printable(name), str(code)) for name, code in cells]

    def attempt(self, check, cells, inputs):
        """`(arrays, problem)`: what the probe of `check` returned, or why it returned nothing."""
        request = {**vars(check), "check": check.name, "cells": cells}
        # Two attempts and an inspection at most, and each has the time of the check.
        about, arrays = self._ask(request, inputs, 3.0 * sandbox.WALL * check.seconds)
        return arrays, _printable(about["failed"]) if "failed" in about else ""

    def public_check(self, code, cells, seconds):
        """The fields of the `PublicCheck` that a check cell gives, or `{"failed": why}`."""
        request = {"public": code, "cells": cells, "seconds": seconds}
        return self._ask(request, {}, sandbox.WALL * seconds)[0]

    def _ask(self, about, arrays, seconds):
        try:
            message = self._exchange(wire.encode(about, arrays), seconds + _PATIENCE)
        except (BrokenPipeError, TimeoutError):
            message = None
        except wire.MalformedMessageError as error:
            message = wire.encode({"failed": str(error)}, {})
        if message is None:
            self.close()
            self._start()
            return {"failed": "the code brought its worker down"}, {}
        try:
            return wire.decode(message)
        except wire.MalformedMessageError as error:
            return {"failed": str(error)}, {}

    def _exchange(self, message, seconds):
        self._process.stdin.write(wire.frame(message))
        self._process.stdin.flush()
        handle, deadline = self._process.stdout.fileno(), time.monotonic() + seconds

        def read(count):
            data = bytearray()
            while len(data) < count:
                wait = max(0.0, deadline - time.monotonic())
                if not select.select([handle], [], [], wait)[0]:
                    raise TimeoutError
                piece = os.read(handle, count - len(data))
                if not piece:
                    break
                data += piece
            return bytes(data)

        return wire.read_frame(read)

    def _start(self):
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        # One thread: the same result on every machine, and several workers side by side.
        threads = dict.fromkeys(
            ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS",
             "TF_NUM_INTEROP_THREADS"), "1",
        )  # fmt: skip
        # Sets of strings are gone through in the same order every time.
        fixed = {"PYTHONHASHSEED": "0"}
        quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "Agg", "CUDA_VISIBLE_DEVICES": "-1"}
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, **threads, **fixed, **quiet},
        )
        lab = {"setup": self._setup, "probes": self._probes, "memory": self._memory}
        try:
            message = self._exchange(wire.encode(lab, {}), _START)
        except (BrokenPipeError, TimeoutError):
            message = None
        about = {"failed": "it ended at its start"} if message is None else wire.decode(message)[0]
        if "failed" in about:
            self.close()
            raise WorkerError(f"The worker cannot run the set-up of the lab: {about['failed']}")
        self.missing = about["missing"] + _exposed(self._folder)

    def close(self):
        self._process.kill()
        self._process.wait()
        # What a worker that died did not read is still in the buffer.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()


def _exposed(folder):
    """A phrase, if the lab lies where a student's code can read it."""
    for readable in map(Path, ("/usr", *python_folders())):
        if folder.is_relative_to(readable):
            return [f"reading the instructor's files (they lie inside {readable})"]
    return []


def _printable(text):
    return "".join(c for c in str(text) if c.isprintable())[:500]
