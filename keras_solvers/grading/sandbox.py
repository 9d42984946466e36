"""Runs a function in a child process that can do no harm, and waits no longer than it may."""

import contextlib
import dataclasses
import os
import select
import shutil
import signal
import tempfile
import time

from keras_solvers.grading import landlock, wire
from keras_solvers.grading.confinement import keep, namespaces_work


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How a child ended.

    Attributes:
        message: The message it sent; None if it sent none.
        ending: Why there is none, in words.
    """

    message: bytes | None
    ending: str = ""


def missing():
    """What this system cannot guard against, as a list of phrases, best empty."""
    lacks = []
    if landlock.version() == 0:
        lacks.append("reading the instructor's files (needs Landlock, Linux 5.13)")
    if not namespaces_work():
        lacks.append("network access, full disks, stray processes (needs user namespaces)")
    return lacks


WALL = 4.0  # times the limit of computing: room for a busy machine, none for a sleeper


def run(function, seconds, memory):
    """Runs `function`, which returns a message, in a child; returns its `Outcome`.

    Args:
        function: Called without arguments in the child.
        seconds: Limit of computing time of a process; wall time may be `WALL` times as long.
        memory: Limit of the address space, in bytes.
    """
    scratch = tempfile.mkdtemp(prefix="keras-solvers-")
    reading, writing = os.pipe()
    pid_reading, pid_writing = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        with contextlib.suppress(BaseException):
            os.close(reading)
            os.close(pid_reading)
            keep(function, writing, pid_writing, scratch, seconds, memory)
        os._exit(1)
    os.close(writing)
    os.close(pid_writing)
    try:
        return _outcome(reading, keeper, seconds)
    finally:
        _kill(keeper, pid_reading)
        os.close(reading)
        shutil.rmtree(scratch, ignore_errors=True)


def _outcome(reading, keeper, seconds):
    deadline = time.monotonic() + WALL * seconds

    def read(count):
        data = bytearray()
        while len(data) < count:
            if not select.select([reading], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError
            piece = os.read(reading, min(count - len(data), 1 << 20))
            if not piece:
                break
            data += piece
        return bytes(data)

    try:
        message = wire.read_frame(read)
    except TimeoutError:
        return Outcome(None, f"it was stopped after {WALL * seconds:g} s")
    except wire.MalformedMessageError as error:
        return Outcome(None, str(error))
    if message is not None:
        return Outcome(message)
    return Outcome(None, _ending(keeper, deadline, seconds))


def _ending(keeper, deadline, seconds):
    """Why the pipe closed without a message; a process may close it and go on."""
    while time.monotonic() < deadline:
        pid, status, used = os.wait4(keeper, os.WNOHANG)
        if pid:
            if os.WIFSIGNALED(status):
                # The first process of a namespace does not die of SIGXCPU, but a second later.
                if used.ru_utime + used.ru_stime >= seconds:
                    return f"it was stopped after {seconds:g} s of computing"
                name = signal.Signals(os.WTERMSIG(status)).name
                return f"the process was killed by {name} (a crash, or too much memory)"
            return f"the code ended the whole process (exit status {os.WEXITSTATUS(status)})"
        time.sleep(0.01)
    return "the code closed the channel of the answer"


def _kill(keeper, pid_reading):
    """Kills the child, and with it all its namespace, then the keeper."""
    # Without a number, the keeper died before it had a child.
    child = os.read(pid_reading, 20) if select.select([pid_reading], [], [], 1.0)[0] else b""
    os.close(pid_reading)
    with contextlib.suppress(ProcessLookupError):
        if child:
            os.kill(int(child), signal.SIGKILL)
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(keeper, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(keeper, 0)
