"""What a process gives up before it runs a student's code."""

import contextlib
import ctypes
import functools
import math
import os
import resource
import signal
import site
import sys
import tempfile
from pathlib import Path

from keras_solvers.grading import landlock, namespaces, wire

_READABLE = (
    "/usr", "/lib", "/lib64", "/bin", "/etc/localtime", "/etc/fonts", "/etc/ld.so.cache",
    "/etc/mime.types", "/dev/null", "/dev/urandom", "/dev/random", "/dev/zero",
    "/sys/devices/system/cpu",
)  # fmt: skip
_PROC = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat")
_DISK = 64_000_000  # bytes that may be written
_PROCESSES = 128  # threads count as well: TensorFlow starts some twenty
_FIRST_USER = 200_000  # beyond the users of any system
_SCRATCH = "/student"  # as the child sees it


def keep(function, writing, pid_writing, scratch, seconds, memory):
    """The process between: it enters the namespaces, and its child runs the function."""
    os.setsid()
    die_with_parent()
    Path("/proc/self/oom_score_adj").write_text("1000")  # short of memory, this goes first
    user = _unprivileged_user(scratch)
    separate = namespaces_work()
    readable = [*_READABLE, *python_folders()]
    if separate:
        root = os.path.join(scratch, "root")
        os.mkdir(root)
        namespaces.enter()
        namespaces.new_root(root, [*readable, "/proc"], _SCRATCH, _DISK)
        scratch = _SCRATCH
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
    if user:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    die_with_parent()
    os.chdir(scratch)
    os.environ.update(HOME=scratch, TMPDIR=scratch)
    tempfile.tempdir = None
    _limit(seconds, memory, count_processes=separate or user)
    if landlock.version():
        landlock.restrict([*readable, *_PROC], [scratch, "/dev/null"])
    _send(writing, wire.frame(function()))
    os._exit(0)


def _unprivileged_user(scratch):
    """A user that owns nothing but `scratch`, if this process may become another user; else 0."""
    if os.getuid() != 0:
        return 0
    user = _FIRST_USER + os.getpid()
    try:
        os.chown(scratch, user, user)
    except OSError:  # root of a container that has one user only
        return 0
    return user


def die_with_parent():
    """Has this process killed when the one that forked it ends."""
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG


def python_folders():
    """Folders of this Python and its packages."""
    folders = {sys.prefix, sys.base_prefix, sys.exec_prefix, *site.getsitepackages()}
    real = {os.path.realpath(folder) for folder in folders}
    return sorted({*folders, *real, os.path.dirname(os.path.realpath(sys.executable))})


def _limit(seconds, memory, count_processes):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file too large is an error, not a kill
    computing = math.ceil(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (computing, computing + 1))
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


@functools.cache
def namespaces_work():
    """Whether a child process can enter namespaces of its own."""
    pid = os.fork()
    if pid == 0:
        try:
            namespaces.enter()
        except (OSError, AttributeError):
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1] == 0
