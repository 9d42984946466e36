"""Runs a function in a child process that can do no harm, and waits no longer than it may."""

import contextlib
import dataclasses
import functools
import os
import resource
import select
import shutil
import signal
import site
import sys
import tempfile
import time

from keras_solvers.labs import landlock, namespaces, wire

_READABLE = (
    "/usr", "/lib", "/lib64", "/bin", "/etc/localtime", "/etc/fonts", "/etc/ld.so.cache",
    "/etc/mime.types", "/dev/urandom", "/dev/random", "/dev/zero",
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu",
)  # fmt: skip
_DISK = 64_000_000  # bytes that may be written
_PROCESSES = 128  # threads count as well: TensorFlow starts some twenty
_FIRST_USER = 200_000  # beyond the users of any system


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
    if not _namespaces_work():
        lacks.append("network access, full disks, stray processes (needs user namespaces)")
    return lacks


def run(function, seconds, memory):
    """Runs `function`, which returns a message, in a child; returns its `Outcome`.

    Args:
        function: Called without arguments in the child.
        seconds: Limit of wall time.
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
            _keep(function, writing, pid_writing, scratch, memory)
        os._exit(1)
    os.close(writing)
    os.close(pid_writing)
    try:
        return _outcome(reading, keeper, seconds)
    finally:
        _kill(keeper, pid_reading)
        os.close(reading)
        shutil.rmtree(scratch, ignore_errors=True)


def _keep(function, writing, pid_writing, scratch, memory):
    """The process between: it enters the namespaces, and its child runs the function."""
    os.setsid()
    paths = _python_folders()
    root = os.getuid() == 0
    if root:
        user = _FIRST_USER + os.getpid()
        os.chown(scratch, user, user)
    separate = _namespaces_work()
    if separate:
        namespaces.enter()
        namespaces.small_disk(scratch, _DISK)
        if root:
            namespaces.reveal([*paths, scratch])
    child = os.fork()
    if child:
        os.write(pid_writing, f"{child}".encode())
        os.close(pid_writing)
        os.close(writing)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            os.kill(os.getpid(), os.WTERMSIG(status))
        os._exit(os.WEXITSTATUS(status))
    # Above all the worker's own channel to the judge.
    os.closerange(3, writing)
    os.closerange(writing + 1, os.sysconf("SC_OPEN_MAX"))
    if root:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    os.chdir(scratch)
    os.environ.update(HOME=scratch, TMPDIR=scratch)
    tempfile.tempdir = None
    _limit(memory, count_processes=separate or root)
    if landlock.version():
        landlock.restrict([*_READABLE, *paths], [scratch, "/dev/null"])
    _send(writing, wire.frame(function()))
    os._exit(0)


def _python_folders():
    folders = {sys.prefix, sys.base_prefix, sys.exec_prefix, *site.getsitepackages()}
    real = {os.path.realpath(folder) for folder in folders}
    return sorted({*folders, *real, os.path.dirname(os.path.realpath(sys.executable))})


def _limit(memory, count_processes):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file too large is an error, not a kill
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: _DISK,
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }
    if count_processes:  # else it would count all that the user runs
        limits[resource.RLIMIT_NPROC] = _PROCESSES
    for kind, value in limits.items():
        with contextlib.suppress(ValueError, OSError):  # macOS knows not all of them
            resource.setrlimit(kind, (value, value))


def _send(handle, data):
    while data:
        data = data[os.write(handle, data) :]


def _outcome(reading, keeper, seconds):
    deadline = time.monotonic() + seconds

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
        return Outcome(None, f"it was stopped after {seconds:g} s")
    except wire.MalformedMessageError as error:
        return Outcome(None, str(error))
    if message is not None:
        return Outcome(message)
    return Outcome(None, _ending(keeper, deadline))


def _ending(keeper, deadline):
    """Why the pipe closed without a message; a process may close it and go on."""
    while time.monotonic() < deadline:
        pid, status = os.waitpid(keeper, os.WNOHANG)
        if pid:
            if os.WIFSIGNALED(status):
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


@functools.cache
def _namespaces_work():
    """Whether a child process can enter namespaces of its own."""
    pid = os.fork()
    if pid == 0:
        try:
            namespaces.enter()
        except (OSError, AttributeError):
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1] == 0
