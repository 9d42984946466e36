"""Linux namespaces: a process of its own world, without network and without other processes."""

import contextlib
import ctypes
import os
from pathlib import Path

_MOUNTS, _IPC, _USER, _PROCESSES, _NETWORK = 1 << 17, 1 << 27, 1 << 28, 1 << 29, 1 << 30
_BIND, _RECURSIVE, _PRIVATE = 1 << 12, 1 << 14, 1 << 18
_libc = ctypes.CDLL(None, use_errno=True)


def enter():
    """Leaves the namespaces of the machine; the next child is the first process of the new one.

    Raises:
        OSError: If the system does not allow it.
    """
    flags = _MOUNTS | _IPC | _PROCESSES | _NETWORK
    user, group = os.getuid(), os.getgid()
    if user != 0:
        _check(_libc.unshare(flags | _USER))
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    else:
        _check(_libc.unshare(flags))
    _mount(None, "/", None, _RECURSIVE | _PRIVATE)


def small_disk(folder, num_bytes):
    """Lays an empty disk in memory over `folder`, so that nothing can fill the real one."""
    _mount("tmpfs", folder, "tmpfs", 0, f"size={num_bytes},mode=0777")


def reveal(paths):
    """Makes `paths` reachable for every user, if need be, and hides all that lies beside them.

    A folder such as `/root` bars other users from a Python installed in it: here it becomes an
    empty, open folder with nothing but the paths in it.
    """
    blocked = {}
    for path in map(Path, paths):
        barrier = _barrier(path)
        if barrier:
            blocked.setdefault(barrier, []).append((path, os.open(path, os.O_PATH)))
    for barrier, inside in blocked.items():
        _mount("tmpfs", barrier, "tmpfs", 0, "mode=0755")
        for path, handle in inside:
            with contextlib.suppress(FileExistsError):
                path.mkdir(parents=True)
            _mount(f"/proc/self/fd/{handle}", path, None, _BIND | _RECURSIVE)
            os.close(handle)


def _barrier(path):
    """The outermost folder above `path` that other users may not enter."""
    for folder in reversed(path.parents):
        if folder != Path("/") and not folder.stat().st_mode & 0o001:
            return folder
    return None


def _mount(source, target, kind, flags, options=None):
    parts = [None if p is None else os.fsencode(p) for p in (source, target, kind)]
    _check(_libc.mount(*parts, flags, options.encode() if options else None))


def _check(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
