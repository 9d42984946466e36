"""Linux namespaces: a process of its own world, without network, other processes or other files."""

import ctypes
import os
from pathlib import Path

_MOUNTS, _IPC, _USER, _PROCESSES, _NETWORK = 1 << 17, 1 << 27, 1 << 28, 1 << 29, 1 << 30
_READ_ONLY, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 1, 1 << 5, 1 << 12, 1 << 14, 1 << 18
_KEPT_FLAGS = 0b1110 | 1 << 10 | 1 << 11 | 1 << 21  # nosuid, nodev, noexec; noatime and the like
_DETACH = 2
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


def new_root(root, readable, scratch, num_bytes):
    """Makes `root` the root of all files: `readable` as it is, but read-only, and a small disk.

    What is left out is out of reach in every way: for opening, for a change of its mode, and as
    a socket. Folders that bar other users, such as `/root`, do so no longer for what is in them.

    Args:
        root: An empty folder.
        readable: Files and folders to keep; those that do not exist are left out.
        scratch: Folder, not below `root`, in place of which an empty disk in memory is laid.
        num_bytes: Size of that disk.
    """
    _mount("tmpfs", root, "tmpfs", 0, "mode=0755")
    for path in sorted(map(os.path.realpath, filter(os.path.exists, readable))):
        place = f"{root}{path}"
        if os.path.exists(place):
            continue  # inside a folder that is there already
        os.makedirs(place if os.path.isdir(path) else os.path.dirname(place), exist_ok=True)
        if not os.path.isdir(path):
            Path(place).touch()
        _mount(path, place, None, _BIND | _RECURSIVE)
        kept = os.statvfs(place).f_flag & _KEPT_FLAGS  # which a user may not take away
        if not path.startswith("/dev/"):
            _mount(None, place, None, _BIND | _REMOUNT | _READ_ONLY | kept)
    for path in filter(os.path.islink, readable):
        place = Path(f"{root}{path}")
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(os.path.realpath(path))
    os.makedirs(f"{root}{scratch}")
    options = f"size={num_bytes},nr_inodes=10000,mode=0777"
    _mount("tmpfs", f"{root}{scratch}", "tmpfs", 0, options)
    os.chdir(root)
    _check(_libc.pivot_root(b".", b"."))
    _check(_libc.umount2(b".", _DETACH))  # the old root, which lies over the new one
    os.chdir("/")


def _mount(source, target, kind, flags, options=None):
    parts = [None if p is None else os.fsencode(p) for p in (source, target, kind)]
    _check(_libc.mount(*parts, flags, options.encode() if options else None))


def _check(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
