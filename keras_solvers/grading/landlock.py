"""Landlock: a process gives up access to files, TCP and other processes for good (Linux 5.13+).

It needs no privilege. Reference: the kernel's userspace API guide, "Landlock: unprivileged access
control"; the numbers below are those of `linux/landlock.h`, the same on all architectures.
"""

import ctypes
import os
import sys

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # system calls
_PATH_BENEATH = 1
_NO_NEW_PRIVS = 38
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_FILE_ONLY = _EXECUTE | _WRITE_FILE | _READ_FILE | 1 << 14  # the last: truncate
_FILE_RIGHTS = (13, 14, 15, 15, 16, 16)  # number of rights over files in versions 1, 2, ...
_TCP = 0b11  # bind, connect: from version 4
_SCOPES = 0b11  # abstract sockets, signals: from version 6


class _Ruleset(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("access", ctypes.c_uint64), ("parent", ctypes.c_int32)]


_libc = ctypes.CDLL(None, use_errno=True)


def version():
    """Version of Landlock in this kernel; 0 if there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, _libc.syscall(_CREATE, None, 0, 1))


def restrict(readable, writable):
    """Leaves this process, and all it starts, the paths named and nothing else.

    Args:
        readable: Files and folders to read and execute; those that do not exist are left out.
        writable: Folders to do anything in.

    Raises:
        OSError: If the kernel refuses.
    """
    abi = version()
    rights = (1 << _FILE_RIGHTS[min(abi, 6) - 1]) - 1
    rules = _Ruleset(rights, _TCP if abi >= 4 else 0, _SCOPES if abi >= 6 else 0)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    ruleset = _call(_CREATE, ctypes.byref(rules), size, 0)
    for paths, access in ((readable, _READ), (writable, rights)):
        for path in paths:
            _allow(ruleset, path, access & rights)
    if _libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    _call(_RESTRICT, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset, path, access):
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return
    if not os.path.isdir(path):
        access &= _FILE_ONLY
    rule = _PathBeneath(access, handle)
    _call(_ADD, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    os.close(handle)


def _call(*arguments):
    result = _libc.syscall(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: {os.strerror(ctypes.get_errno())}")
    return result
